// SPDX-License-Identifier: MIT
//
// S25: whoever has no factor that could satisfy gets the conversation of somebody who types wrong
// codes, step for step.
#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "tests/unit/domain/login_world.h"

namespace twinlock {
namespace {

using wire::StepKind;

// Everything of a step that its front end shows or hands on to the program.
struct Seen {
  StepKind kind;
  std::string text;
  std::vector<std::string> messages;
  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << static_cast<int>(seen.kind) << " '" << seen.text << "' and " << seen.messages.size()
             << " messages";
}

Seen seen(const Step& step) {
  Seen what{step.kind, step.text, {}};
  for (const auto& message : step.messages) {
    what.messages.push_back(std::to_string(static_cast<int>(message.kind)) + message.text);
  }
  return what;
}

// A conversation that answers with each of `answers` while it is asked.
std::vector<Seen> conversation(LoginWorld& world,
                               std::string_view user,
                               const std::vector<std::string>& answers) {
  Step step = world.begin(user);
  std::vector<Seen> steps{seen(step)};
  for (const auto& answer : answers) {
    if (step.kind != StepKind::PromptHidden) break;
    step = world.answer(step, answer);
    steps.push_back(seen(step));
  }
  return steps;
}

struct Somebody {
  const char* what;
  std::function<std::string(LoginWorld&)> prepare;  // returns the name that logs in
};

std::ostream& operator<<(std::ostream& out, const Somebody& who) { return out << who.what; }

class SameStepTest : public testing::TestWithParam<Somebody> {
 protected:
  static void expect_the_same(const std::vector<std::string>& answers) {
    LoginWorld wrong;
    static_cast<void>(wrong.enroll(wrong.alice));
    LoginWorld other;
    const auto user = GetParam().prepare(other);
    const auto expected = conversation(wrong, "alice", answers);
    EXPECT_EQ(conversation(other, user, answers), expected);
    EXPECT_EQ(expected.size(), 4U);
  }
};

TEST_P(SameStepTest, ThreeWrongShortCodes) {  // S25
  expect_the_same({"000000", "000000", "000000"});
}

TEST_P(SameStepTest, ThreeWrongRecoveryCodes) {  // S25
  const std::string code(24, 'A');
  expect_the_same({code, code, code});
}

TEST_P(SameStepTest, EveryKindOfAnswer) {  // S25
  expect_the_same({"nonsense", "12345678", std::string(24, '7')});
  expect_the_same({"", "000000", "0000000"});
}

INSTANTIATE_TEST_SUITE_P(
    S25,
    SameStepTest,
    testing::Values(Somebody{"unknown", [](LoginWorld&) { return "nobody-here"; }},
                    Somebody{"no name at all", [](LoginWorld&) { return "a b\n"; }},
                    Somebody{"not enrolled", [](LoginWorld&) { return "alice"; }},
                    Somebody{"foreign uid",
                             [](LoginWorld& world) {
                               static_cast<void>(world.enroll(world.alice));
                               world.recovery_codes(world.alice);
                               world.directory.add({"alice", 2000});
                               return "alice";
                             }},
                    Somebody{"factor off",
                             [](LoginWorld& world) {
                               static_cast<void>(world.enroll(world.alice));
                               for (const auto factor : kFactors) {
                                 static_cast<void>(world.memory.set_factor(factor, false, {}));
                               }
                               return "alice";
                             }},
                    Somebody{"unconfirmed",
                             [](LoginWorld& world) {
                               static_cast<void>(world.start(world.alice));
                               return "alice";
                             }},
                    Somebody{"recovery codes only",
                             [](LoginWorld& world) {
                               world.recovery_codes(world.alice);
                               return "alice";
                             }},
                    Somebody{"a counter token",
                             [](LoginWorld& world) {
                               static_cast<void>(world.enroll(world.alice, MethodType::Hotp));
                               return "alice";
                             }},
                    Somebody{"root", [](LoginWorld&) { return "root"; }}),
    [](const auto& who) {
      std::string name = who.param.what;
      for (char& c : name) {
        if (c == ' ') c = '_';
      }
      return name;
    });

}  // namespace
}  // namespace twinlock
