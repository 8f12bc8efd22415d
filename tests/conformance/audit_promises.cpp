// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>

#include "tests/conformance/store_under_test.h"

namespace twinlock {
namespace {

std::vector<std::uint64_t> numbers(const Result<std::vector<AuditRecord>>& records) {
  std::vector<std::uint64_t> found;
  for (const auto& record : *records) found.push_back(record.sequence);
  return found;
}

TEST_P(StoreConformance, ARecordComesBackAsItWasAppended) {
  AuditEvent full = event(AuditEventType::MethodRemoved);
  full.service = "sshd";
  full.source = "2001:db8::1";
  full.method_type = MethodType::Hotp;
  full.method_id = method_id(9);
  full.reason = Reason::Superseded;
  full.conversation = "00112233445566778899aabbccddeeff";
  full.actor = "uid 0";
  full.detail = "Phone";
  ASSERT_EQ(*store().append(full), 1U);
  const auto records = store().read({});
  ASSERT_EQ(records->size(), 1U);
  const auto& found = records->front().event;
  EXPECT_EQ(found.time, full.time);
  EXPECT_EQ(found.type, full.type);
  EXPECT_EQ(found.user, full.user);
  EXPECT_EQ(found.uid, full.uid);
  EXPECT_EQ(found.service, full.service);
  EXPECT_EQ(found.source, full.source);
  EXPECT_EQ(found.method_type, full.method_type);
  EXPECT_EQ(found.method_id, full.method_id);
  EXPECT_EQ(found.reason, full.reason);
  EXPECT_EQ(found.conversation, full.conversation);
  EXPECT_EQ(found.actor, full.actor);
  EXPECT_EQ(found.detail, full.detail);
}

TEST_P(StoreConformance, ARecordWithoutDetailsComesBackWithoutThem) {
  AuditEvent bare{};
  bare.time = kNow;
  bare.type = AuditEventType::DaemonStarted;
  bare.conversation = "not a conversation's id";
  ASSERT_TRUE(store().append(bare));
  const auto found = store().read({})->front().event;
  EXPECT_EQ(found.user, "");
  EXPECT_FALSE(found.uid);
  EXPECT_FALSE(found.method_type);
  EXPECT_FALSE(found.method_id);
  EXPECT_EQ(found.conversation, "not a conversation's id");
  EXPECT_EQ(found.detail, "");
}

TEST_P(StoreConformance, RecordsAreNumberedWithoutGaps) {
  race(8, [&](int) {
    for (int n = 0; n < 10; ++n) ASSERT_TRUE(store().append(event(AuditEventType::LoginDenied)));
  });
  const auto found = numbers(store().read({.after = 0, .newest = false, .limit = 100, .user = {}}));
  ASSERT_EQ(found.size(), 80U);
  for (std::size_t n = 0; n < found.size(); ++n) EXPECT_EQ(found[n], n + 1);
  const auto verification = store().verify();
  ASSERT_TRUE(verification);
  EXPECT_EQ(verification->records, 80U);
  EXPECT_EQ(verification->finding, "");
}

TEST_P(StoreConformance, RecordsAreReadForwardFromANumber) {
  for (int n = 0; n < 5; ++n) ASSERT_TRUE(store().append(event(AuditEventType::LoginDenied)));
  const auto after = [&](std::uint64_t number, int limit) {
    return numbers(store().read({.after = number, .newest = false, .limit = limit, .user = {}}));
  };
  EXPECT_EQ(after(0, 2), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(after(2, 2), (std::vector<std::uint64_t>{3, 4}));
  EXPECT_EQ(after(4, 2), (std::vector<std::uint64_t>{5}));
  EXPECT_TRUE(after(5, 2).empty());
  EXPECT_TRUE(after(~std::uint64_t{0}, 2).empty());
}

TEST_P(StoreConformance, TheNewestRecordsComeOldestFirst) {
  for (int n = 0; n < 5; ++n) ASSERT_TRUE(store().append(event(AuditEventType::LoginDenied)));
  EXPECT_EQ(numbers(store().read({.after = 0, .newest = true, .limit = 2, .user = {}})),
            (std::vector<std::uint64_t>{4, 5}));
  EXPECT_EQ(numbers(store().read({.newest = true, .before = 4, .limit = 2, .user = {}})),
            (std::vector<std::uint64_t>{2, 3}));
  EXPECT_TRUE(store().read({.newest = true, .before = 1, .limit = 2, .user = {}})->empty());
}

TEST_P(StoreConformance, RecordsOfOneUserAreReadAlone) {
  auto bob = event(AuditEventType::LoginDenied);
  bob.user = "bob";
  for (int n = 0; n < 3; ++n) {
    ASSERT_TRUE(store().append(event(AuditEventType::LoginDenied)));
    ASSERT_TRUE(store().append(bob));
  }
  EXPECT_EQ(numbers(store().read({.after = 1, .newest = false, .limit = 10, .user = "alice"})),
            (std::vector<std::uint64_t>{3, 5}));
  EXPECT_EQ(numbers(store().read({.after = 0, .newest = true, .limit = 2, .user = "bob"})),
            (std::vector<std::uint64_t>{4, 6}));
  EXPECT_EQ(numbers(store().read({.newest = true, .before = 6, .limit = 5, .user = "bob"})),
            (std::vector<std::uint64_t>{2, 4}));
}

TEST_P(StoreConformance, EveryChangeIsRecordedOnce) {  // S127
  const auto recorded = [this](AuditEventType type, const auto& change) {
    const auto before = records();
    change(event(type));
    EXPECT_EQ(records(), before + 1) << audit_event_name(type);
    EXPECT_EQ(
        store().read({.after = 0, .newest = true, .limit = 1, .user = {}})->front().event.type,
        type);
  };
  using Type = AuditEventType;
  recorded(Type::EnrollmentStarted, [&](const AuditEvent& e) {
    ASSERT_TRUE(store().add_otp_method(unconfirmed(totp_method(1)), kMethodLimits, e));
  });
  recorded(Type::MethodEnrolled, [&](const AuditEvent& e) {
    ASSERT_TRUE(store().confirm_otp_method(method_id(1), 1, kNow, e));
  });
  recorded(Type::MethodResynchronized,
           [&](const AuditEvent& e) { ASSERT_TRUE(store().resynchronize(method_id(1), 1, 2, e)); });
  recorded(Type::MethodRenamed,
           [&](const AuditEvent& e) { ASSERT_TRUE(store().rename_method(method_id(1), "x", e)); });
  recorded(Type::LoginGranted, [&](const AuditEvent& e) {
    auto grant = otp_grant(open(conversation(1)), method_id(1), 3);
    grant.event = e;
    ASSERT_EQ(*store().grant(grant), GrantOutcome::Granted);
  });
  recorded(Type::RecoveryCodesMade, [&](const AuditEvent& e) {
    ASSERT_TRUE(store().replace_recovery_codes(recovery_method(2), {code_digest(1)}, e));
  });
  recorded(Type::MethodRemoved,
           [&](const AuditEvent& e) { ASSERT_TRUE(store().remove_method(method_id(1), e)); });
  recorded(Type::UserReset,
           [&](const AuditEvent& e) { ASSERT_TRUE(store().remove_methods_of("alice", e)); });
  recorded(Type::UserUnlocked, [&](const AuditEvent& e) {
    const auto asked = open(conversation(2));
    ASSERT_EQ(*store().count_attempt(
                  answered(asked, 12),
                  asked.nonce,
                  alice(),
                  {.budget = Budget::ShortCode,
                   .place = {},
                   .next = with_failure(*store().attempts(alice(), Budget::ShortCode, {}), kNow)}),
              AttemptClaim::Counted);
    ASSERT_EQ(*store().forget_attempts("alice", e), 1);
  });
  recorded(Type::PolicyChanged, [&](const AuditEvent& e) {
    ASSERT_TRUE(store().set_policy(LoginPolicy::AllApplications, e));
  });
  recorded(Type::FactorChanged,
           [&](const AuditEvent& e) { ASSERT_TRUE(store().set_factor(Factor::Otp, true, e)); });
  EXPECT_EQ(store().verify()->finding, "");
}

TEST_P(StoreConformance, EachRecordHasAChainedMacOfItsOwn) {  // S127
  for (int n = 0; n < 4; ++n) ASSERT_TRUE(store().append(event(AuditEventType::LoginDenied)));
  std::set<MacBytes> macs;
  const auto found = store().read({});
  for (const auto& record : *found) macs.insert(record.mac);
  EXPECT_EQ(macs.size(), 4U) << "the same event four times";
}

TEST_P(StoreConformance, TheChainIsWholeAfterRetentionToo) {
  for (int n = 0; n < 6; ++n) {
    ASSERT_TRUE(store().append(event(AuditEventType::LoginDenied, kNow + n * 24h)));
  }
  EXPECT_EQ(*store().purge(kNow + kAuditLifetime + 2 * 24h + 1ms, 100), 3);
  EXPECT_EQ(store().verify()->records, 3U);
  EXPECT_EQ(store().verify()->finding, "");
  ASSERT_EQ(*store().append(event(AuditEventType::LoginDenied)), 7U);
  EXPECT_EQ(store().verify()->records, 4U);
  EXPECT_EQ(store().verify()->finding, "");
}

TEST_P(StoreConformance, AnEmptyLogIsWhole) {
  EXPECT_EQ(store().verify()->records, 0U);
  EXPECT_EQ(store().verify()->finding, "");
  ASSERT_TRUE(store().append(event(AuditEventType::LoginDenied)));
  ASSERT_EQ(*store().purge(kNow + kAuditLifetime + 1ms, 100), 1);
  EXPECT_EQ(store().verify()->records, 0U);
  EXPECT_EQ(store().verify()->finding, "");
}

}  // namespace
}  // namespace twinlock
