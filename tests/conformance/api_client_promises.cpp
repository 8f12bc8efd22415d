// SPDX-License-Identifier: MIT
#include <atomic>

#include "tests/conformance/store_under_test.h"

namespace twinlock {
namespace {

ApiClient client(const std::string& name = "terraform") {
  ApiClient made;
  made.id = (name + std::string(kClientIdLength, 'x')).substr(0, kClientIdLength);
  made.name = name;
  made.secret = sha256_of("secret of " + name);
  made.scopes = {"read:users", "update:users"};
  made.networks = {"192.0.2.0/24", "2001:db8::/32"};
  made.users = {.groups = {"staff", "web team"}, .names = "web-*"};
  made.token_lifetime = 2h;
  made.created = kNow;
  return made;
}

AccessToken token(int number, const ApiClient& of, WallTime created = kNow) {
  return {.hash = sha256_of("token " + std::to_string(number)),
          .client = of.id,
          .scopes = {"read:users"},
          .created = created,
          .expires = created + 2h};
}

AuditEvent created() { return event(AuditEventType::ApiClientCreated); }

TEST_P(StoreConformance, AnApiClientIsReadBackAsItWasMade) {
  const auto made = client();
  ASSERT_EQ(*store().add_api_client(made, created()), ClientAddition::Added);
  const auto found = store().api_client(made.id);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->name, made.name);
  EXPECT_EQ((*found)->secret, made.secret);
  EXPECT_EQ((*found)->scopes, made.scopes);
  EXPECT_EQ((*found)->networks, made.networks);
  EXPECT_EQ((*found)->users, made.users);
  EXPECT_EQ((*found)->token_lifetime, made.token_lifetime);
  EXPECT_EQ((*found)->created, made.created);
  EXPECT_FALSE((*found)->last_token);
  EXPECT_FALSE(*store().api_client("somebody else"));
  EXPECT_EQ(records(), 1U);
}

TEST_P(StoreConformance, ClientsHaveNamesOfTheirOwn) {
  ASSERT_EQ(*store().add_api_client(client("b"), created()), ClientAddition::Added);
  ASSERT_EQ(*store().add_api_client(client("a"), created()), ClientAddition::Added);
  auto twin = client("a");
  twin.id[5] = 'y';
  EXPECT_EQ(*store().add_api_client(twin, created()), ClientAddition::NameTaken);
  const auto all = *store().api_clients();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "a");
  EXPECT_EQ(all[1].name, "b");
  EXPECT_EQ(records(), 2U) << "a refusal changes nothing and is no record of the store's";
}

TEST_P(StoreConformance, ThereAreOnlySoManyClients) {
  for (int n = 0; n < kMaxApiClients; ++n) {
    ASSERT_EQ(*store().add_api_client(client("c" + std::to_string(n) + "."), created()),
              ClientAddition::Added);
  }
  EXPECT_EQ(*store().add_api_client(client("one more"), created()), ClientAddition::TooMany);
}

TEST_P(StoreConformance, ATokenIsFoundWithItsClient) {  // S64
  const auto made = client();
  ASSERT_TRUE(store().add_api_client(made, created()));
  const auto issued = token(1, made, kNow + 1min);
  ASSERT_EQ(*store().add_access_token(issued, event(AuditEventType::TokenIssued)), Claim::Won);
  const auto found = store().access_token(issued.hash);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->token.scopes, issued.scopes);
  EXPECT_EQ((*found)->token.created, issued.created);
  EXPECT_EQ((*found)->token.expires, issued.expires);
  EXPECT_EQ((*found)->client.name, made.name);
  EXPECT_EQ((*found)->client.users, made.users);
  EXPECT_EQ((*found)->client.last_token, kNow + 1min);
  EXPECT_FALSE(*store().access_token(sha256_of("another")));
}

TEST_P(StoreConformance, NobodyIsGivenATokenWithoutAClient) {
  EXPECT_EQ(*store().add_access_token(token(1, client()), event(AuditEventType::TokenIssued)),
            Claim::Lost);
  EXPECT_FALSE(*store().access_token(token(1, client()).hash));
  EXPECT_EQ(records(), 0U);
}

TEST_P(StoreConformance, TokensEndWithTheirSecretAndTheirClient) {  // S64
  const auto made = client();
  ASSERT_TRUE(store().add_api_client(made, created()));
  ASSERT_TRUE(store().add_access_token(token(1, made), event(AuditEventType::TokenIssued)));
  const auto fresh = sha256_of("fresh");
  ASSERT_EQ(*store().replace_client_secret(made.id, fresh, event(AuditEventType::ApiClientRotated)),
            Claim::Won);
  EXPECT_FALSE(*store().access_token(token(1, made).hash));
  EXPECT_EQ((*store().api_client(made.id))->secret, fresh);

  ASSERT_TRUE(store().add_access_token(token(2, made), event(AuditEventType::TokenIssued)));
  const auto deleted = event(AuditEventType::ApiClientDeleted);
  EXPECT_EQ(*store().remove_api_client(made.id, deleted), Claim::Won);
  EXPECT_EQ(*store().remove_api_client(made.id, deleted), Claim::Lost);
  EXPECT_EQ(*store().replace_client_secret(made.id, fresh, deleted), Claim::Lost);
  EXPECT_FALSE(*store().access_token(token(2, made).hash));
  EXPECT_TRUE(store().api_clients()->empty());
  EXPECT_EQ(records(), 5U);
}

TEST_P(StoreConformance, AClientRevokesItsOwnTokensOnly) {  // O13
  const auto mine = client("mine");
  const auto other = client("other");
  ASSERT_TRUE(store().add_api_client(mine, created()));
  ASSERT_TRUE(store().add_api_client(other, created()));
  ASSERT_TRUE(store().add_access_token(token(1, mine), event(AuditEventType::TokenIssued)));
  const auto revoked = event(AuditEventType::TokenRevoked);
  EXPECT_EQ(*store().revoke_access_token(token(1, mine).hash, other.id, revoked), Claim::Lost);
  EXPECT_TRUE(*store().access_token(token(1, mine).hash));
  EXPECT_EQ(*store().revoke_access_token(token(1, mine).hash, mine.id, revoked), Claim::Won);
  EXPECT_FALSE(*store().access_token(token(1, mine).hash));
}

TEST_P(StoreConformance, TheOldestTokenOfAClientGivesWay) {
  const auto made = client();
  ASSERT_TRUE(store().add_api_client(made, created()));
  for (int n = 0; n <= kMaxLiveTokens; ++n) {
    const auto issued = token(n, made, kNow + std::chrono::milliseconds(n));
    ASSERT_EQ(*store().add_access_token(issued, event(AuditEventType::TokenIssued)), Claim::Won);
  }
  EXPECT_FALSE(*store().access_token(token(0, made).hash));
  EXPECT_TRUE(*store().access_token(token(1, made).hash));
  EXPECT_TRUE(*store().access_token(token(kMaxLiveTokens, made).hash));
}

TEST_P(StoreConformance, OfManyWhoShowAnAssertionOneIsFirst) {  // RFC 7523 §3
  const auto made = client();
  ASSERT_TRUE(store().add_api_client(made, created()));
  std::atomic<int> won{0};
  race(8, [&](int) {
    const auto claimed = store().claim_assertion(made.id, sha256_of("jti"), kNow + 1min);
    if (claimed && *claimed == Claim::Won) ++won;
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ(*store().claim_assertion(made.id, sha256_of("another"), kNow), Claim::Won);
  EXPECT_EQ(*store().claim_assertion("nobody", sha256_of("jti"), kNow), Claim::Lost);
}

TEST_P(StoreConformance, HousekeepingDeletesWhatIsPastItsLife) {
  const auto made = client();
  ASSERT_TRUE(store().add_api_client(made, created()));
  ASSERT_TRUE(store().add_access_token(token(1, made), event(AuditEventType::TokenIssued)));
  ASSERT_TRUE(store().add_access_token(token(2, made, kNow + 1h), created()));
  ASSERT_TRUE(store().claim_assertion(made.id, sha256_of("jti"), kNow + 1min));
  EXPECT_EQ(*store().purge(kNow + 2h - 1ms, 100), 1) << "the assertion";
  EXPECT_EQ(*store().purge(kNow + 2h, 100), 1);
  EXPECT_FALSE(*store().access_token(token(1, made).hash));
  EXPECT_TRUE(*store().access_token(token(2, made).hash));
}

SigningKey signing_key(const std::string& id) {
  return {.id = id,
          .public_key = "public",
          .private_key = Secret(std::string_view("private")),
          .created = kNow};
}

TEST_P(StoreConformance, OfManyWhoMakeASigningKeyOneSucceeds) {
  std::atomic<int> won{0};
  race(8, [&](int n) {
    const auto claimed = store().add_signing_key(
        signing_key("k" + std::to_string(n)), "", event(AuditEventType::SigningKeyMade));
    if (claimed && *claimed == Claim::Won) ++won;
  });
  EXPECT_EQ(won, 1);
  auto keys = *store().signing_keys();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].private_key.text(), "private");
  const auto first = keys[0].id;
  const auto made = event(AuditEventType::SigningKeyMade);
  EXPECT_EQ(*store().add_signing_key(signing_key("next"), first, made), Claim::Won);
  EXPECT_EQ((*store().signing_keys())[1].id, "next");
  EXPECT_EQ(*store().remove_signing_key(first, made), Claim::Won);
  EXPECT_EQ(*store().remove_signing_key(first, made), Claim::Lost);
}

TEST_P(StoreConformance, ASettingGroupIsReplacedByWhoeverKnowsItsVersion) {
  EXPECT_EQ(store().setting_group(SettingGroup::Twilio)->version, 0);
  const SettingFields fields{{"sid", std::string("AC1")},
                             {"flag", true},
                             {"number", std::int64_t{1} << 40},
                             {"list", std::vector<std::string>{"sms", "voice"}}};
  const auto changed = event(AuditEventType::SettingsChanged);
  ASSERT_EQ(*store().replace_setting_group(SettingGroup::Twilio, {fields, 0}, changed), Claim::Won);
  const auto stored = *store().setting_group(SettingGroup::Twilio);
  EXPECT_EQ(stored.fields, fields);
  EXPECT_EQ(*store().replace_setting_group(SettingGroup::Twilio, {{}, 0}, changed), Claim::Lost);
  EXPECT_EQ(*store().replace_setting_group(SettingGroup::Twilio, {{}, stored.version}, changed),
            Claim::Won);
  EXPECT_TRUE(store().setting_group(SettingGroup::Twilio)->fields.empty());
  EXPECT_TRUE(store().setting_group(SettingGroup::Vonage)->fields.empty());
  EXPECT_EQ(records(), 2U);
}

}  // namespace
}  // namespace twinlock
