// SPDX-License-Identifier: MIT
#include "daemon/domain/api_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/domain/scope.h"
#include "tests/unit/domain/login_world.h"

namespace twinlock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kHome = "192.0.2.7";

class ApiAccessTest : public testing::Test {
 protected:
  [[nodiscard]] static ApiClientRequest request() {
    ApiClientRequest wanted;
    wanted.name = "terraform";
    wanted.scopes = {"read:users", "read:logs"};
    return wanted;
  }
  ApiClient make(const ApiClientRequest& wanted) {
    auto made = access_.create(wanted, "uid 0");
    EXPECT_TRUE(made);
    secret_ = std::string(made->secret.text());
    return **access_.find(made->id);
  }
  std::string issue(const ApiClient& client, const std::vector<std::string>& wanted = {}) {
    return std::string(access_.issue(client, wanted, kHome)->token.text());
  }
  std::optional<Bearer> bearer(std::string_view token, std::string_view source = kHome) {
    return *access_.bearer_of(token, source);
  }

  LoginWorld world_;
  ApiAccess access_{{world_.ports.store, world_.random, world_.clock, world_.audit}};
  std::string secret_;
};

TEST_F(ApiAccessTest, AClientIsWhoKnowsItsSecret) {
  const auto client = make(request());
  EXPECT_TRUE(*access_.authenticate(client.id, secret_));
  EXPECT_FALSE(*access_.authenticate(client.id, secret_ + "x"));
  EXPECT_FALSE(*access_.authenticate(client.id, ""));
  EXPECT_FALSE(*access_.authenticate(std::string(kClientIdLength, 'a'), secret_));
  EXPECT_FALSE(*access_.authenticate("' OR 1", secret_));
}

TEST_F(ApiAccessTest, ACreatedClientIsAnAlertAndItsSecretIsNowhere) {  // S124, S129
  const auto client = make(request());
  const auto record = world_.audited(AuditEventType::ApiClientCreated).back();
  EXPECT_EQ(severity_of(record), Severity::Alert);
  EXPECT_EQ(record.actor, "uid 0");
  EXPECT_THAT(record.detail, HasSubstr(client.id));
  EXPECT_EQ(record.detail.find(secret_), std::string::npos);
}

TEST_F(ApiAccessTest, FullIsEveryScopeThereIs) {
  auto wanted = request();
  wanted.scopes = {"full"};
  EXPECT_EQ(make(wanted).scopes.size(), all_scopes().size());
}

TEST_F(ApiAccessTest, RefusesWhatNoClientMayBe) {
  const auto refused = [this](auto change) {
    auto wanted = request();
    change(wanted);
    const auto made = access_.create(wanted, "uid 0");
    EXPECT_FALSE(made);
    return made ? std::string() : made.error().detail;
  };
  EXPECT_THAT(refused([](auto& r) { r.name = ""; }), HasSubstr("name"));
  EXPECT_THAT(refused([](auto& r) { r.name = "a\nb"; }), HasSubstr("name"));
  EXPECT_THAT(refused([](auto& r) { r.name = std::string(65, 'a'); }), HasSubstr("64"));
  EXPECT_THAT(refused([](auto& r) { r.scopes = {}; }), HasSubstr("scope"));
  EXPECT_THAT(refused([](auto& r) { r.scopes = {"read:user"}; }), HasSubstr("\"read:user\""));
  EXPECT_THAT(refused([](auto& r) { r.scopes = {"full", "read:users"}; }), HasSubstr("\"full\""));
  EXPECT_THAT(refused([](auto& r) { r.networks = {"192.0.2.1/24"}; }), HasSubstr("192.0.2.1/24"));
  EXPECT_THAT(refused([](auto& r) { r.users.groups = {""}; }), HasSubstr("group"));
  EXPECT_THAT(refused([](auto& r) { r.users.names = "web *"; }), HasSubstr("pattern"));
  EXPECT_THAT(refused([](auto& r) { r.token_lifetime = 4min; }), HasSubstr("5 minutes"));
  EXPECT_THAT(refused([](auto& r) { r.token_lifetime = 31 * 24h; }), HasSubstr("30 days"));
  EXPECT_TRUE(access_.clients()->empty());
}

TEST_F(ApiAccessTest, TwoClientsDontShareAName) {
  make(request());
  EXPECT_EQ(access_.create(request(), "uid 0").error().code, ErrorCode::Conflict);
}

TEST_F(ApiAccessTest, ATokenSpeaksForItsClientWithTheScopesAskedFor) {  // O02
  const auto client = make(request());
  EXPECT_EQ(bearer(issue(client))->scopes, (ScopeSet{"read:logs", "read:users"}));
  EXPECT_EQ(bearer(issue(client, {"read:logs", "update:users"}))->scopes, ScopeSet{"read:logs"});
  EXPECT_TRUE(bearer(issue(client, {"update:users"}))->scopes.empty());
  EXPECT_EQ(bearer(issue(client))->client, client.id);
}

TEST_F(ApiAccessTest, NothingButAWholeTokenIsOne) {  // S64
  const auto token = issue(make(request()));
  EXPECT_TRUE(bearer(token));
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto spoiled = token;
    spoiled[i] = spoiled[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(bearer(spoiled)) << i;
    EXPECT_FALSE(bearer(token.substr(0, i))) << i;
  }
  EXPECT_FALSE(bearer(token + "A"));
  EXPECT_FALSE(bearer(secret_));
}

TEST_F(ApiAccessTest, ATokenEndsWithItsTime) {  // S64
  const auto token = issue(make(request()));
  world_.clock.advance(24h - 1ms);
  EXPECT_TRUE(bearer(token));
  world_.clock.advance(1ms);
  EXPECT_FALSE(bearer(token));
}

TEST_F(ApiAccessTest, AClockSetBackLengthensNoToken) {  // S136
  const auto token = issue(make(request()));
  world_.clock.set_wall(world_.clock.wall() - 1h);
  EXPECT_FALSE(bearer(token));
}

TEST_F(ApiAccessTest, ATokenCountsFromTheClientsNetworksOnly) {  // S64
  auto wanted = request();
  wanted.networks = {"192.0.2.0/24", "2001:db8::/32"};
  const auto token = issue(make(wanted));
  EXPECT_TRUE(bearer(token, "192.0.2.200"));
  EXPECT_TRUE(bearer(token, "2001:db8:1::1"));
  EXPECT_FALSE(bearer(token, "198.51.100.1"));
  EXPECT_FALSE(bearer(token, ""));
  EXPECT_FALSE(bearer(token, "somewhere"));
}

TEST_F(ApiAccessTest, ANewSecretEndsTheOldOneAndEveryToken) {
  const auto client = make(request());
  const auto token = issue(client);
  const auto fresh = access_.rotate(client.id, "uid 0");
  ASSERT_TRUE(fresh);
  EXPECT_FALSE(*access_.authenticate(client.id, secret_));
  EXPECT_TRUE(*access_.authenticate(client.id, fresh->text()));
  EXPECT_FALSE(bearer(token));
}

TEST_F(ApiAccessTest, ADeletedClientIsNobody) {
  const auto client = make(request());
  const auto token = issue(client);
  ASSERT_TRUE(access_.remove(client.id, "uid 0"));
  EXPECT_FALSE(bearer(token));
  EXPECT_FALSE(*access_.authenticate(client.id, secret_));
  EXPECT_FALSE(access_.issue(client, {}, kHome));
  EXPECT_EQ(access_.remove(client.id, "uid 0").error().code, ErrorCode::NotFound);
  EXPECT_EQ(access_.rotate(client.id, "uid 0").error().code, ErrorCode::NotFound);
}

TEST_F(ApiAccessTest, AClientRevokesItsTokens) {  // O13
  const auto client = make(request());
  const auto token = issue(client);
  auto wanted = request();
  wanted.name = "another";
  const auto other = make(wanted);
  ASSERT_TRUE(access_.revoke(token, other, kHome));
  EXPECT_TRUE(bearer(token));
  ASSERT_TRUE(access_.revoke(token, client, kHome));
  EXPECT_FALSE(bearer(token));
  ASSERT_TRUE(access_.revoke("anything", client, kHome));
}

TEST_F(ApiAccessTest, AnAssertionCountsOnce) {
  const auto client = make(request());
  EXPECT_EQ(*access_.claim_assertion(client, "jti", world_.clock.wall() + 1min), Claim::Won);
  EXPECT_EQ(*access_.claim_assertion(client, "jti", world_.clock.wall() + 1min), Claim::Lost);
}

TEST_F(ApiAccessTest, AStoreThatFailsAdmitsNobody) {
  const auto client = make(request());
  const auto token = issue(client);
  world_.faults.fail_next("access_token", Fault::Error);
  EXPECT_FALSE(access_.bearer_of(token, kHome));
  world_.faults.fail_next("api_client", Fault::Error);
  EXPECT_FALSE(access_.authenticate(client.id, secret_));
}

TEST(UserFilterTest, BothPartsAdmit) {  // S65
  const std::vector<std::string> staff{"staff"};
  EXPECT_TRUE(admits({}, "alice", std::nullopt));
  EXPECT_TRUE(admits({.groups = {"staff"}, .names = ""}, "alice", staff));
  EXPECT_FALSE(admits({.groups = {"web"}, .names = ""}, "alice", staff));
  EXPECT_FALSE(admits({.groups = {"staff"}, .names = ""}, "alice", std::nullopt));  // S48
  EXPECT_FALSE(admits({.groups = {"staff"}, .names = "b*"}, "alice", staff));
  EXPECT_TRUE(admits({.groups = {"staff"}, .names = "a*"}, "alice", staff));
}

TEST(UserFilterTest, PatternsNameTheWhole) {
  EXPECT_TRUE(matches_pattern("*", ""));
  EXPECT_TRUE(matches_pattern("web-*", "web-1"));
  EXPECT_FALSE(matches_pattern("web-*", "my-web-1"));
  EXPECT_TRUE(matches_pattern("a*b*c", "aXbYbZc"));
  EXPECT_FALSE(matches_pattern("a*b*c", "aXbYbZ"));
  EXPECT_TRUE(matches_pattern("?lice", "alice"));
  EXPECT_FALSE(matches_pattern("?", ""));
  EXPECT_FALSE(matches_pattern("", "a"));
  EXPECT_FALSE(matches_pattern(std::string(64, '*') + "b", std::string(256, 'a')));
}

TEST(ScopeTest, ListsAreReadAndWritten) {
  EXPECT_THAT(split_words("  a b  c "), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(split_words("").empty());
  EXPECT_TRUE(is_scope("update:users:privileged"));
  EXPECT_FALSE(is_scope("update:everything"));
}

TEST(ScopeTest, ASetHasWhatItWasMadeOf) {
  const ScopeSet set{"update:users", "read:logs", "read:nothing"};
  EXPECT_THAT(set.names(), ElementsAre("read:logs", "update:users"));
  EXPECT_EQ(set.size(), 2U);
  EXPECT_TRUE(set.contains("read:logs"));
  EXPECT_FALSE(set.contains("read:logs_users"));
  EXPECT_FALSE(set.contains("read:nothing"));
  EXPECT_FALSE(set.contains(""));
  EXPECT_TRUE(ScopeSet().empty());
  EXPECT_EQ(ScopeSet::all().size(), all_scopes().size());
  EXPECT_EQ(set & ScopeSet{"read:logs"}, ScopeSet{"read:logs"});
  EXPECT_TRUE((set & ScopeSet{"read:users"}).empty());
}

TEST(ScopeTest, ASetIsReadAsItWasWrittenInWhateverOrder) {
  EXPECT_EQ(ScopeSet::parse(ScopeSet::all().text('\n'), '\n'), ScopeSet::all());
  EXPECT_EQ(ScopeSet::parse("", '\n'), ScopeSet());
  EXPECT_EQ(ScopeSet::parse("update:users read:logs  gone:by read:users", ' ').text(' '),
            "read:logs read:users update:users");
}

TEST(ScopeTest, PrivilegeIsAScopeOfItsOwn) {  // S65
  const ScopeSet plain{"update:users", "update:users_app_metadata:privileged"};
  EXPECT_FALSE(plain.contains_privileged("update:users"));
  EXPECT_TRUE(plain.contains_privileged("update:users_app_metadata"));
  EXPECT_FALSE(ScopeSet::all().contains_privileged("read:logs"));
  EXPECT_FALSE(ScopeSet::all().contains_privileged("update:users:privileged"));
  EXPECT_FALSE(ScopeSet::all().contains_privileged(""));
  std::size_t privileged = 0;
  for (const auto scope : all_scopes()) {
    if (ScopeSet::all().contains_privileged(scope)) ++privileged;
  }
  EXPECT_EQ(privileged, 13U);
}

}  // namespace
}  // namespace twinlock
