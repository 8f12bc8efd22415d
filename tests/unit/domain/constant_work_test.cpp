// SPDX-License-Identifier: MIT
//
// S25 and S86, by counting rather than by timing: how many HMACs an answer costs, and what the
// world is asked for it, must not tell which step matched, whether one did, or whether there is
// anybody to match.
#include <gmock/gmock.h>
#include <openssl/evp.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "tests/unit/domain/login_world.h"

namespace {

std::atomic<int> computed{0};

}  // namespace

// The linker puts these in front of libcrypto's for the whole program (--wrap), and names them.
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming)
extern "C" int __real_EVP_MAC_final(EVP_MAC_CTX* context,
                                    unsigned char* out,
                                    std::size_t* size,
                                    std::size_t room);
extern "C" int __wrap_EVP_MAC_final(EVP_MAC_CTX* context,
                                    unsigned char* out,
                                    std::size_t* size,
                                    std::size_t room) {
  ++computed;
  return __real_EVP_MAC_final(context, out, size, room);
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming)

namespace twinlock {
namespace {

using namespace std::string_literals;

class ConstantWorkTest : public testing::Test {
 protected:
  int cost(std::string_view code, std::string_view user = "alice") {
    const auto asked = world_.begin(user);
    const int before = computed;
    static_cast<void>(world_.answer(asked, code));
    return computed - before;
  }

  LoginWorld world_;
  const OtpCredential totp_ = world_.enroll(world_.alice);
};

TEST_F(ConstantWorkTest, WhicheverStepMatchesOrNone) {  // S86
  world_.clock.advance(10min);
  const int wrong = cost(world_.wrong_code(totp_));
  EXPECT_EQ(wrong, 3);  // the window
  EXPECT_EQ(cost(world_.code(totp_, -1)), wrong);
  EXPECT_EQ(cost(world_.code(totp_, 0)), wrong);
  EXPECT_EQ(cost(world_.code(totp_, 1)), wrong);
  EXPECT_EQ(cost(world_.code(totp_, 1)), wrong);  // and used
}

TEST_F(ConstantWorkTest, WhetherOrNotThereIsAnybody) {  // S25, S86
  const std::string code = world_.wrong_code(totp_);
  const int wrong = cost(code);
  EXPECT_EQ(cost(code, "bob"), wrong);  // not enrolled
  EXPECT_EQ(cost(code, "nobody-here"), wrong);
  ASSERT_TRUE(world_.memory.set_factor(Factor::Otp, false, {}));
  EXPECT_EQ(cost(code), wrong);  // factor off
  world_.directory.add({"alice", 2000});
  EXPECT_EQ(cost(code), wrong);  // foreign uid
}

// A commit is what takes time: hundreds of times that of a query. An attempt that is counted and
// one that there is nothing to count for are each one write that waits for no disk.
TEST_F(ConstantWorkTest, AsMuchIsWrittenWhetherOrNotThereIsAnybody) {  // S25
  const std::string code = world_.wrong_code(totp_);
  const auto written_for = [&](std::string_view user) {
    world_.faults.note_calls();
    const auto asked = world_.begin(user);
    static_cast<void>(world_.answer(asked, code));
    auto calls = world_.faults.calls();
    const std::set<std::string> queries{
        "now", "find", "settings_for", "digest", "docket", "methods_of"};
    std::erase_if(calls, [&queries](const auto& call) { return queries.contains(call); });
    std::replace(calls.begin(), calls.end(), "count_attempt"s, "advance_conversation"s);
    return calls;
  };
  const auto wrong = written_for("alice");
  EXPECT_THAT(wrong, testing::ElementsAre("open_conversation", "advance_conversation", "append"));
  EXPECT_EQ(written_for("bob"), wrong);  // not enrolled
  EXPECT_EQ(written_for("nobody-here"), wrong);
}

TEST_F(ConstantWorkTest, AsMuchIsAskedOfWhoIsNotThereAsOfWhoIsNotEnrolled) {  // S25
  LoginSettings settings;
  settings.rules.emplace_back();
  settings.rules.back().groups = {"staff"};
  world_.engine.configure(settings);
  const std::string code = world_.wrong_code(totp_);
  const auto calls_for = [&](std::string_view user) {
    world_.faults.note_calls();
    const auto asked = world_.begin(user);
    static_cast<void>(world_.answer(asked, code));
    return world_.faults.calls();
  };
  const auto unenrolled = calls_for("bob");
  EXPECT_THAT(unenrolled, testing::IsSupersetOf({"settings_for"s, "groups"s, "docket"s}));
  EXPECT_EQ(calls_for("nobody-here"), unenrolled);
}

TEST_F(ConstantWorkTest, WhateverTheLengthOfTheCode) {  // S86
  EXPECT_EQ(cost("12345678"), 3);
  EXPECT_EQ(cost("12345678", "bob"), 3);
}

TEST_F(ConstantWorkTest, DuringAHoldNothingIsComputedForRightAndWrongAlike) {
  world_.fail_in_a_row(totp_, 3);
  EXPECT_EQ(cost(world_.code(totp_)), 0);
  EXPECT_EQ(cost(world_.wrong_code(totp_)), 0);
}

}  // namespace
}  // namespace twinlock
