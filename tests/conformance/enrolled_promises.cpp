// SPDX-License-Identifier: MIT
#include <atomic>

#include "tests/conformance/store_under_test.h"

// Methods of every type, with what is kept of them.
namespace twinlock {
namespace {

using ::testing::ElementsAre;

const AuditEvent kEvent = event(AuditEventType::MethodEnrolled);
const EnrolledLimits kFivePhones{.counted = {MethodType::Phone}, .most = 5, .unconfirmed = 5};

NewMethod new_method(int number, MethodType type, MethodData data, const Account& owner = alice()) {
  AuthenticationMethod method{.id = method_id(number),
                              .owner = owner,
                              .type = type,
                              .name = "Mine",
                              .created = kNow + std::chrono::seconds(number),
                              .confirmed = kNow,
                              .last_used = std::nullopt};
  return {std::move(method), std::nullopt, std::move(data)};
}

NewMethod phone(int number, const std::string& text, const Account& owner = alice()) {
  return new_method(number, MethodType::Phone, PhoneData{.number = text}, owner);
}

NewMethod totp(int number, const Account& owner = alice()) {
  auto otp = totp_method(number, owner);
  return {std::move(otp.method), std::move(otp.credential), {}};
}

NewMethod pending(NewMethod method) {
  method.method.confirmed.reset();
  return method;
}

KeyData key_data() {
  return {.credential_id = "BuPuMaLZ",
          .public_key = "pQECAyYg",
          .sign_count = 7,
          .device = CredentialDevice::Multiple,
          .backed_up = false,
          .transports = {"usb", "nfc"},
          .relying_party = "id.example.com",
          .aaguid = "00000000-0000-0000-0000-000000000000",
          .user_handle = "aGFuZGxl",
          .user_agent = "curl",
          .identity_user_id = "640b"};
}

class EnrolledPromises : public StoreConformance {
 protected:
  EnrolledAddition add_method(const NewMethod& method, const EnrolledLimits& limits = kFivePhones) {
    const auto added = store().add_method(method, limits, kEvent);
    EXPECT_TRUE(added) << added.error().detail;
    return added ? *added : EnrolledAddition::TooMany;
  }
  std::vector<EnrolledMethod> enrolled(const Account& owner = alice()) {
    const auto found = store().enrolled_methods(owner);
    EXPECT_TRUE(found) << found.error().detail;
    return found ? *found : std::vector<EnrolledMethod>();
  }
};

TEST_P(EnrolledPromises, AMethodComesBackWithItsData) {
  ASSERT_EQ(
      add_method(new_method(1, MethodType::Phone, PhoneData{"+15551234567", PhoneChannel::Voice})),
      EnrolledAddition::Added);
  ASSERT_EQ(add_method(new_method(2, MethodType::Email, EmailData{"Alice@example.com"})),
            EnrolledAddition::Added);
  ASSERT_EQ(add_method(new_method(3, MethodType::Passkey, key_data())), EnrolledAddition::Added);
  ASSERT_EQ(add_method(pending(new_method(4, MethodType::Push, {}))), EnrolledAddition::Added);
  const auto found = enrolled();
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(std::get<PhoneData>(found[0].data).number, "+15551234567");
  EXPECT_EQ(std::get<PhoneData>(found[0].data).preferred, PhoneChannel::Voice);
  EXPECT_EQ(std::get<EmailData>(found[1].data).address, "Alice@example.com");
  const auto& key = std::get<KeyData>(found[2].data);
  EXPECT_EQ(key.credential_id, "BuPuMaLZ");
  EXPECT_EQ(key.public_key, "pQECAyYg");
  EXPECT_EQ(key.sign_count, 7U);
  EXPECT_EQ(key.device, CredentialDevice::Multiple);
  EXPECT_EQ(key.backed_up, false);
  EXPECT_THAT(key.transports, ElementsAre("usb", "nfc"));
  EXPECT_EQ(key.relying_party, "id.example.com");
  EXPECT_EQ(key.aaguid, "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(key.user_handle, "aGFuZGxl");
  EXPECT_EQ(key.user_agent, "curl");
  EXPECT_EQ(key.identity_user_id, "640b");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(found[3].data));
  EXPECT_FALSE(found[3].method.confirmed);
  const auto one = store().enrolled_method(method_id(3));
  ASSERT_TRUE(one && *one);
  EXPECT_EQ((**one).method.type, MethodType::Passkey);
  EXPECT_EQ(std::get<KeyData>((**one).data).sign_count, 7U);
}

TEST_P(EnrolledPromises, AnAddedSeedIsWhatALoginReads) {
  ASSERT_EQ(add_method(totp(1)), EnrolledAddition::Added);
  const auto standing = standing_of(store());
  ASSERT_TRUE(standing);
  ASSERT_EQ(standing->otp.size(), 1U);
  EXPECT_EQ(standing->otp[0].seed.text(), "12345678901234567890");
}

TEST_P(EnrolledPromises, WhatNoLoginAcceptsIsNothingThatALoginReads) {  // S49
  ASSERT_EQ(add_method(phone(1, "+15551234567")), EnrolledAddition::Added);
  ASSERT_EQ(add_method(new_method(2, MethodType::Passkey, key_data())), EnrolledAddition::Added);
  EXPECT_TRUE(standing_of(store())->otp.empty());
  EXPECT_FALSE(*store().recovery_set(alice()));
}

TEST_P(EnrolledPromises, MethodsOfAnotherUidAreAnotherUsers) {  // S37
  ASSERT_EQ(add_method(phone(1, "+15551234567", {"alice", 2000})), EnrolledAddition::Added);
  EXPECT_TRUE(enrolled().empty());
  EXPECT_EQ(enrolled({"alice", 2000}).size(), 1U);
  EXPECT_FALSE(*store().enrolled_method(method_id(404)));
}

TEST_P(EnrolledPromises, AUserHasANumberAnAddressAndACredentialOnce) {
  ASSERT_EQ(add_method(phone(1, "+15551234567")), EnrolledAddition::Added);
  EXPECT_EQ(add_method(phone(2, "+15551234567")), EnrolledAddition::Exists);
  EXPECT_EQ(add_method(phone(3, "+15551234568")), EnrolledAddition::Added);
  EXPECT_EQ(add_method(phone(4, "+15551234567", {"bob", 1001})), EnrolledAddition::Added);
  ASSERT_EQ(add_method(new_method(5, MethodType::Email, EmailData{"alice@example.com"})),
            EnrolledAddition::Added);
  EXPECT_EQ(add_method(new_method(6, MethodType::Email, EmailData{"Alice@Example.com"})),
            EnrolledAddition::Exists);
  auto key = key_data();
  ASSERT_EQ(add_method(new_method(7, MethodType::Passkey, key)), EnrolledAddition::Added);
  key.credential_id += "==";
  EXPECT_EQ(add_method(new_method(8, MethodType::WebauthnRoaming, key)), EnrolledAddition::Exists);
  EXPECT_EQ(enrolled().size(), 4U);
  EXPECT_EQ(records(), 5U) << "what was refused is not recorded";
}

TEST_P(EnrolledPromises, TypesThatCountTogetherShareTheirLimit) {
  const EnrolledLimits limits{
      .counted = {MethodType::Passkey, MethodType::WebauthnRoaming}, .most = 2, .unconfirmed = 1};
  const auto key = [](int number, MethodType type) {
    auto data = key_data();
    data.credential_id = "id" + std::to_string(number);
    return new_method(number, type, std::move(data));
  };
  EXPECT_EQ(add_method(key(1, MethodType::Passkey), limits), EnrolledAddition::Added);
  EXPECT_EQ(add_method(phone(2, "+15551234567"), limits), EnrolledAddition::Added);
  EXPECT_EQ(add_method(pending(key(3, MethodType::WebauthnRoaming)), limits),
            EnrolledAddition::Added);
  EXPECT_EQ(add_method(key(4, MethodType::Passkey), limits), EnrolledAddition::TooMany);
  EXPECT_EQ(add_method(pending(phone(5, "+15551234569"))), EnrolledAddition::Added);
}

TEST_P(EnrolledPromises, RacingAdditionsOfOneNumberEndWithOne) {
  std::atomic<int> added{0};
  race(16, [&](int n) {
    const auto one = store().add_method(phone(n, "+15551234567"), kFivePhones, kEvent);
    if (one && *one == EnrolledAddition::Added) ++added;
  });
  EXPECT_EQ(added, 1);
  EXPECT_EQ(enrolled().size(), 1U);
  EXPECT_EQ(records(), 1U);
}

TEST_P(EnrolledPromises, RacingAdditionsDoNotPassTheLimit) {
  std::atomic<int> added{0};
  race(16, [&](int n) {
    const auto number = "+1555000" + std::to_string(1000 + n);
    const auto one = store().add_method(phone(n, number), kFivePhones, kEvent);
    if (one && *one == EnrolledAddition::Added) ++added;
  });
  EXPECT_EQ(added, 5);
  EXPECT_EQ(enrolled().size(), 5U);
}

TEST_P(EnrolledPromises, ReplacingTakesEverythingAndRecordsEachEvent) {
  ASSERT_EQ(add_method(totp(1)), EnrolledAddition::Added);
  ASSERT_TRUE(store().replace_recovery_codes(recovery_method(2), {code_digest(1)}, kEvent));
  ASSERT_EQ(add_method(new_method(3, MethodType::Passkey, key_data())), EnrolledAddition::Added);
  open(conversation(1));
  const auto before = records();
  std::vector<NewMethod> methods;
  methods.push_back(phone(4, "+15551234567"));
  methods.push_back(totp(5));
  ASSERT_TRUE(store().replace_methods(
      "alice", methods, {event(AuditEventType::UserReset), kEvent, kEvent}));
  const auto found = enrolled();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(*store().otp_method(method_id(5)));
  EXPECT_FALSE(*store().otp_method(method_id(1)));
  EXPECT_FALSE(*store().recovery_set(alice()));
  EXPECT_FALSE(*store().conversation(nonce(1))) << "S83";
  EXPECT_EQ(records(), before + 3);
}

TEST_P(EnrolledPromises, AReplacementThatFailsChangesNothing) {
  ASSERT_EQ(add_method(phone(1, "+15551234567")), EnrolledAddition::Added);
  ASSERT_EQ(add_method(phone(2, "+15551234567", {"bob", 1001})), EnrolledAddition::Added);
  std::vector<NewMethod> methods;
  methods.push_back(phone(3, "+15551234568"));
  methods.push_back(phone(2, "+15551234569"));  // bob's id
  EXPECT_FALSE(store().replace_methods("alice", methods, {kEvent}));
  ASSERT_EQ(enrolled().size(), 1U);
  EXPECT_EQ(enrolled()[0].method.id, method_id(1));
  EXPECT_EQ(records(), 2U);
}

TEST_P(EnrolledPromises, AChangeLeavesWhatItDoesNotName) {
  ASSERT_EQ(add_method(phone(1, "+15551234567")), EnrolledAddition::Added);
  ASSERT_EQ(*store().change_method(method_id(1), {.name = "Work", .preferred = {}}, kEvent),
            Claim::Won);
  ASSERT_EQ(
      *store().change_method(method_id(1), {.name = {}, .preferred = PhoneChannel::Voice}, kEvent),
      Claim::Won);
  EXPECT_EQ(enrolled()[0].method.name, "Work");
  EXPECT_EQ(std::get<PhoneData>(enrolled()[0].data).preferred, PhoneChannel::Voice);
  EXPECT_EQ(std::get<PhoneData>(enrolled()[0].data).number, "+15551234567");
  EXPECT_EQ(*store().change_method(method_id(404), {.name = "x", .preferred = {}}, kEvent),
            Claim::Lost);
  ASSERT_EQ(add_method(totp(2)), EnrolledAddition::Added);
  EXPECT_EQ(
      *store().change_method(method_id(2), {.name = "x", .preferred = PhoneChannel::Voice}, kEvent),
      Claim::Lost);
  EXPECT_EQ((*store().otp_method(method_id(2)))->method.name, "Phone") << "all of it or nothing";
}

TEST_P(EnrolledPromises, ARemovedMethodTakesItsDataWithIt) {
  ASSERT_EQ(add_method(phone(1, "+15551234567")), EnrolledAddition::Added);
  ASSERT_EQ(*store().remove_method(method_id(1), kEvent), Claim::Won);
  EXPECT_EQ(add_method(phone(2, "+15551234567")), EnrolledAddition::Added);
  ASSERT_EQ(*store().remove_methods_of("alice", kEvent), 1);
  EXPECT_TRUE(enrolled().empty());
}

TEST_P(EnrolledPromises, AnUnconfirmedOneIsForgottenWithinTheHour) {
  ASSERT_EQ(add_method(pending(phone(1, "+15551234567"))), EnrolledAddition::Added);
  EXPECT_EQ(*store().purge(kNow + 2h, 100), 1);
  EXPECT_TRUE(enrolled().empty());
}

TEST_P(EnrolledPromises, PlacesAreForgottenByName) {
  add(totp_method(1));
  auto grant = otp_grant(open(conversation(1)), method_id(1), 42);
  grant.place = place(1);
  ASSERT_EQ(*store().grant(grant), GrantOutcome::Granted);
  const auto before = records();
  EXPECT_EQ(*store().forget_places("bob", kEvent), 0);
  EXPECT_EQ(records(), before);
  EXPECT_EQ(*store().forget_places("alice", kEvent), 1);
  EXPECT_FALSE(*store().known_place(alice(), {place(1)}, kNow));
  EXPECT_EQ(records(), before + 1);
}

INSTANTIATE_TEST_SUITE_P(Every,
                         EnrolledPromises,
                         testing::ValuesIn(implementations()),
                         [](const auto& implementation) { return implementation.param.name; });

}  // namespace
}  // namespace twinlock
