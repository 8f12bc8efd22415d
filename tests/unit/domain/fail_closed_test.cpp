// SPDX-License-Identifier: MIT
//
// "Fails closed" as a test: a good login with its first port call failing, then with the second,
// until none fails. Nothing before that may be granted or exempt, and once the fault is gone the
// next login works.
#include <gmock/gmock.h>

#include <array>
#include <functional>
#include <optional>
#include <ostream>
#include <set>

#include "tests/unit/domain/login_world.h"

namespace twinlock {
namespace {

using wire::StepKind;

// Somebody who can log in, from somewhere.
struct Traveller {
  // The whole login, with a code that is fresh. What a port throws ends at the boundary.
  StepKind log_in() {
    world.clock.advance(1min);
    const std::string answer = !codes.empty() ? codes.at(used++)
                               : credential   ? world.code(*credential)
                                              : "000000";
    if (credential && credential->type == MethodType::Hotp) ++credential->last_used;
    try {
      auto context = world.context("alice", source);
      context.local_terminal = source.empty();
      const Step asked = world.engine.begin(context);
      return asked.kind == StepKind::PromptHidden ? world.answer(asked, answer).kind : asked.kind;
    } catch (const std::bad_alloc&) {
      return StepKind::Unavailable;
    }
  }
  void exempt(const std::function<void(PolicyRule&)>& narrow) {
    LoginSettings settings = generous_settings();
    PolicyRule rule;
    rule.name = "exempting";
    rule.action = PolicyRule::Action::Exempt;
    narrow(rule);
    settings.rules = {rule};
    world.engine.configure(settings);
  }

  LoginWorld world;
  std::optional<OtpCredential> credential;
  std::vector<std::string> codes;
  std::size_t used = 0;
  std::string source = "203.0.113.7";
};

struct Way {
  const char* name;
  std::function<void(Traveller&)> prepare;
  StepKind end;
  std::set<std::string> calls;  // some that belong to this way: it is what it says
};

std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.name; }

class FailClosedTest : public testing::TestWithParam<std::tuple<Way, Fault>> {
 protected:
  static const Way& way() { return std::get<0>(GetParam()); }
};

// How many recovery codes are left is a remark beside a grant that is in the store already.
bool is_only_a_remark(LoginWorld& world) {
  return world.faults.failed_call() == "recovery_set" &&
         !world.audited(AuditEventType::LoginGranted).empty();
}

TEST_P(FailClosedTest, NoFailureOfAPortLetsAnybodyIn) {  // S01, S28, S48, S142
  std::set<std::string> failed;
  for (int call = 0;; ++call) {
    ASSERT_LT(call, 100);
    Traveller traveller;
    way().prepare(traveller);
    auto& faults = traveller.world.faults;
    faults.fail_call(call, std::get<1>(GetParam()));
    const StepKind end = traveller.log_in();
    if (!faults.has_failed()) {  // call n never came: each before it has failed once
      EXPECT_EQ(end, way().end);
      break;
    }
    failed.insert(faults.failed_call());
    if (!is_only_a_remark(traveller.world)) {
      EXPECT_FALSE(lets_in(end)) << "call " << call << ": " << faults.failed_call();
    }
    faults.repair();
    EXPECT_EQ(traveller.log_in(), way().end) << "after " << faults.failed_call();
  }
  EXPECT_THAT(failed, testing::IsSupersetOf(way().calls));
}

const auto kTotp = [](Traveller& t) { t.credential = t.world.enroll(t.world.alice); };
const auto kHold = [](Traveller& t) { t.world.fail_in_a_row(*t.credential, 9); };

std::vector<Way> ways() {
  return {Way{"Totp",
              kTotp,
              StepKind::Granted,
              {"now",
               "find",
               "settings_for",
               "digest",
               "open_conversation",
               "docket",
               "count_attempt",
               "grant"}},
          Way{"Hotp",
              [](Traveller& t) { t.credential = t.world.enroll(t.world.alice, MethodType::Hotp); },
              StepKind::Granted,
              {"docket", "count_attempt", "grant"}},
          Way{"RecoveryCode",
              [](Traveller& t) { t.codes = t.world.recovery_codes(t.world.alice); },
              StepKind::Granted,
              {"docket", "count_attempt", "digest_with", "grant", "recovery_set"}},
          Way{"RecoveryCodeThatEnablesShortCodes",
              [](Traveller& t) {
                kTotp(t);
                t.codes = t.world.recovery_codes(t.world.alice);
                t.world.fail_in_a_row(*t.credential, 100);
              },
              StepKind::Granted,
              {"docket", "attempts", "grant", "recovery_set"}},
          Way{"ExemptByPolicy",
              [](Traveller& t) { ASSERT_TRUE(t.world.memory.set_policy(LoginPolicy::None, {})); },
              StepKind::Exempt,
              {"now", "find", "settings_for", "append"}},
          Way{"ExemptByUser",
              [](Traveller& t) { t.exempt([](PolicyRule& rule) { rule.users = {"alice"}; }); },
              StepKind::Exempt,
              {"now", "find", "settings_for", "append"}},
          Way{"ExemptByGroup",
              [](Traveller& t) {
                t.world.directory.add(t.world.alice, {"robots"});
                t.exempt([](PolicyRule& rule) { rule.groups = {"robots"}; });
              },
              StepKind::Exempt,
              {"find", "settings_for", "groups", "append"}},
          Way{"KnownPlaceWhileOnHold",
              [](Traveller& t) {
                kTotp(t);
                ASSERT_EQ(t.log_in(), StepKind::Granted);
                t.world.clock.advance(1min);
                kHold(t);
              },
              StepKind::Granted,
              {"keys", "digest_with", "known_place", "attempts", "count_attempt", "grant"}},
          Way{"ConsoleWhileOnHold",
              [](Traveller& t) {
                kTotp(t);
                kHold(t);
                t.source.clear();
              },
              StepKind::Granted,
              {"attempts", "count_attempt", "grant"}},
          Way{"OnHold",
              [](Traveller& t) {
                kTotp(t);
                kHold(t);
              },
              StepKind::PromptHidden,
              {"docket", "known_place", "advance_conversation", "append"}},
          Way{"UnknownFormOfAnswer",
              [](Traveller& t) { t.codes = std::vector<std::string>(200, "nonsense"); },
              StepKind::PromptHidden,
              {"conversation", "advance_conversation", "append"}}};
}

std::string name_of(const testing::TestParamInfo<std::tuple<Way, Fault>>& run) {
  constexpr std::array kFaults{"Error", "BadAlloc", "LostReply"};
  const auto& [way, fault] = run.param;
  return std::string(way.name) + kFaults.at(static_cast<std::size_t>(fault));
}

INSTANTIATE_TEST_SUITE_P(
    EveryWay,
    FailClosedTest,
    testing::Combine(testing::ValuesIn(ways()),
                     testing::Values(Fault::Error, Fault::BadAlloc, Fault::LostReply)),
    name_of);

// S41, S88: the daemon dies between two of its writes, and the module asks again.

class DaemonDiesTest : public testing::Test {
 protected:
  StepKind answer(const Nonce& previous, const Nonce& nonce) {
    try {
      return world_.engine.answer(asked_.conversation, previous, nonce, Secret(code_), {}).kind;
    } catch (const std::bad_alloc&) {
      return StepKind::Unavailable;
    }
  }

  LoginWorld world_;
  const OtpCredential totp_ = world_.enroll(world_.alice);
  const std::string code_ = world_.code(totp_);
  const Step asked_ = world_.begin();
  const Nonce nonce_ = world_.nonce();
};

TEST_F(DaemonDiesTest, BetweenCountingAndGrantingTheAttemptCountsOnceAndTheCodeStaysGood) {  // S41
  world_.faults.fail_next("grant", Fault::BadAlloc);
  EXPECT_EQ(answer(asked_.nonce, nonce_), StepKind::Unavailable);
  ASSERT_TRUE(world_.faults.has_failed());
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 1);

  EXPECT_EQ(answer(asked_.nonce, nonce_), StepKind::PromptHidden);  // the retry: not judged again
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 1);
  EXPECT_EQ(answer(nonce_, world_.nonce()), StepKind::Granted);  // typed once more
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 0);
}

TEST_F(DaemonDiesTest, BeforeCountingTheRetryIsJudged) {  // S41
  world_.faults.fail_next("count_attempt", Fault::BadAlloc);
  EXPECT_EQ(answer(asked_.nonce, nonce_), StepKind::Unavailable);
  EXPECT_EQ(world_.attempts(world_.alice).consecutive, 0);
  EXPECT_EQ(answer(asked_.nonce, nonce_), StepKind::Granted);
}

TEST_F(DaemonDiesTest, AfterGrantingTheRetryIsTold) {  // S41
  world_.faults.fail_next("grant", Fault::LostReply);
  EXPECT_EQ(answer(asked_.nonce, nonce_), StepKind::Unavailable);
  EXPECT_EQ(answer(asked_.nonce, nonce_), StepKind::Granted);
  EXPECT_EQ(world_.audited(AuditEventType::LoginGranted).size(), 1U);
  EXPECT_EQ(world_.login(code_).kind, StepKind::PromptHidden);
}

TEST_F(DaemonDiesTest, AfterOpeningAConversationTheRetryFindsIt) {  // S41, S42
  const auto context = world_.context();
  world_.faults.fail_next("open_conversation", Fault::LostReply);
  EXPECT_EQ(world_.engine.begin(context).kind, StepKind::Unavailable);
  const auto again = world_.engine.begin(context);
  EXPECT_EQ(again.kind, StepKind::PromptHidden);
  EXPECT_EQ(world_.answer(again, code_).kind, StepKind::Granted);
}

}  // namespace
}  // namespace twinlock
