// SPDX-License-Identifier: MIT
#include "daemon/http/target.h"
#include "tests/unit/user_api/user_api_world.h"

namespace twinlock::http {
namespace {

class UserEndpointsTest : public UserApiTest {
 protected:
  // Made one second after the other.
  void make_people(int count) {
    for (int i = 0; i < count; ++i) {
      make_person("person" + std::to_string(i) + "@example.com");
      clock_.advance(std::chrono::seconds(1));
    }
  }
  std::vector<std::string> emails(const Json& users) {
    std::vector<std::string> found;
    for (const auto& user : users) found.push_back(user.value("email", "").substr(0, 7));
    return found;
  }
};

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(UserEndpointsTest, U01ListsThoseWhomTheStoreKnowsOldestFirst) {
  make_people(3);
  const auto listed = get("/api/v2/users");
  ASSERT_EQ(listed.status, 200);
  EXPECT_THAT(emails(listed.body), ElementsAre("person0", "person1", "person2"));
  EXPECT_EQ(get("/api/v2/users?sort=created_at:-1").body[0]["email"], "person2@example.com");
}

TEST_F(UserEndpointsTest, U01ListsWhoeverHasEnrolled) {
  add("alice", {{"type", "totp"}, {"totp_secret", "JBSWY3DPEHPK3PXP"}});
  const auto listed = get("/api/v2/users");
  ASSERT_EQ(listed.body.size(), 1U);
  EXPECT_EQ(listed.body[0]["user_id"], "unix|alice");
  EXPECT_EQ(listed.body[0]["multifactor"], Json::array({"guardian"}));
}

TEST_F(UserEndpointsTest, U01ComesInPagesWithTotals) {
  make_people(3);
  const auto page = get("/api/v2/users?page=1&per_page=2&include_totals=true");
  ASSERT_EQ(page.status, 200);
  EXPECT_EQ(page.body["start"], 2);
  EXPECT_EQ(page.body["limit"], 2);
  EXPECT_EQ(page.body["length"], 1);
  EXPECT_EQ(page.body["total"], 3);
  EXPECT_THAT(emails(page.body["users"]), ElementsAre("person2"));
  const auto behind = get("/api/v2/users?page=9&per_page=2&include_totals=true");
  EXPECT_EQ(behind.status, 200);
  EXPECT_EQ(behind.body["users"], Json::array());
}

TEST_F(UserEndpointsTest, U01ComesInCheckpoints) {
  make_people(3);
  const auto first = get("/api/v2/users?take=2");
  ASSERT_EQ(first.status, 200);
  EXPECT_THAT(emails(first.body["users"]), ElementsAre("person0", "person1"));
  const auto next = first.body["next"].get<std::string>();
  const auto second = get("/api/v2/users?take=2&from=" + next);
  EXPECT_THAT(emails(second.body["users"]), ElementsAre("person2"));
  EXPECT_FALSE(second.body.contains("next"));
}

TEST_F(UserEndpointsTest, U01OfNoneIsAnEmptyList) {
  make_people(1);
  EXPECT_EQ(get("/api/v2/users?take=0").body, (Json{{"users", Json::array()}}));
  EXPECT_EQ(get("/api/v2/users?per_page=0").body, Json::array());
  EXPECT_EQ(get("/api/v2/users?page=2147483647&per_page=100").body, Json::array());
}

TEST_F(UserEndpointsTest, U01CountsOnlyWhomTheCallerMaySee) {  // S65, S68
  add("alice", {{"type", "totp"}, {"totp_secret", "JBSWY3DPEHPK3PXP"}});
  add("bob", {{"type", "totp"}, {"totp_secret", "JBSWY3DPEHPK3PXP"}});
  patch("/api/v2/users/bob", {{"email", "bob@example.com"}});
  act_with({"read:users"});
  const auto all = get("/api/v2/users?include_totals=true");
  EXPECT_EQ(all.body["total"], 1);
  EXPECT_EQ(all.body["users"][0]["user_id"], "unix|alice");
  EXPECT_EQ(get("/api/v2/users?include_totals=true&q=email:b*").body["total"], 0);
  EXPECT_EQ(get("/api/v2/users?page=1&per_page=1").body, Json::array());
  const auto page = get("/api/v2/users?take=1");
  EXPECT_EQ(page.body["users"].size(), 1U);
  EXPECT_FALSE(page.body.contains("next"));
  const auto hidden = get("/api/v2/users?from=dW5peHxib2I");  // unix|bob
  EXPECT_EQ(hidden.status, 400);
  EXPECT_EQ(hidden.body, get("/api/v2/users?from=bm9ib2R5").body) << "as for nobody";
}

TEST_F(UserEndpointsTest, U01IsSearched) {
  make_people(3);
  const auto found = get("/api/v2/users?include_totals=true&q=email:%22person1@example.com%22");
  EXPECT_EQ(found.body["total"], 1);
  EXPECT_THAT(emails(found.body["users"]), ElementsAre("person1"));
  EXPECT_EQ(get("/api/v2/users?q=email:person*&per_page=2").body.size(), 2U);
  EXPECT_EQ(get("/api/v2/users?q=blocked:true").body, Json::array());
  EXPECT_EQ(get("/api/v2/users?connection=others").body, Json::array());
  EXPECT_EQ(get("/api/v2/users?connection=people").body.size(), 3U);
}

TEST_F(UserEndpointsTest, U01LeavesOutFields) {
  make_people(1);
  EXPECT_EQ(get("/api/v2/users?fields=email").body[0], (Json{{"email", "person0@example.com"}}));
  EXPECT_FALSE(get("/api/v2/users?fields=email&include_fields=false").body[0].contains("email"));
}

TEST_F(UserEndpointsTest, U01RefusesWhatItDoesNotUnderstand) {
  for (const auto* query : {"per_page=101",
                            "page=-1",
                            "sort=name:1",
                            "include_fields=x",
                            "q=shoe:40",
                            "q=name:[a%20TO%20b]",
                            "from=!",
                            "from=bm9ib2R5"}) {
    const auto refused = get(std::string("/api/v2/users?") + query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_EQ(refused.error_code(), "invalid_query_string") << query;
    EXPECT_THAT(refused.message(), HasSubstr("Query validation error: '")) << query;
  }
}

TEST_F(UserEndpointsTest, U01HidesThePrivilegedFromWhoMayNotSeeThem) {  // S65
  add("alice", {{"type", "totp"}, {"totp_secret", "JBSWY3DPEHPK3PXP"}});
  add("bob", {{"type", "totp"}, {"totp_secret", "JBSWY3DPEHPK3PXP"}});
  act_with({"read:users"});
  const auto listed = get("/api/v2/users");
  ASSERT_EQ(listed.body.size(), 1U);
  EXPECT_EQ(listed.body[0]["user_id"], "unix|alice");
}

TEST_F(UserEndpointsTest, U02MakesAPersonWithoutAnAccount) {
  const auto made = post("/api/v2/users",
                         {{"connection", "Username-Password-Authentication"},
                          {"email", "chuck334@example.com"},
                          {"given_name", "Chuck"},
                          {"family_name", "Sanchez"},
                          {"username", "test-user695"},
                          {"nickname", "Chucky"},
                          {"password", "Passwords hide their chuck"},
                          {"user_metadata", {{"favourite_attack", "roundhouse_kick"}}},
                          {"verify_email", false},
                          {"app_metadata", {{"facts", {"count_to_infinity_twice"}}}},
                          {"picture", "https://example-picture-url.jpg"},
                          {"blocked", false},
                          {"email_verified", true}});
  ASSERT_EQ(made.status, 201) << made.body;
  const auto& user = made.body;
  EXPECT_TRUE(user["user_id"].get<std::string>().starts_with("auth0|"));
  EXPECT_EQ(user["email"], "chuck334@example.com");
  EXPECT_EQ(user["email_verified"], true);
  EXPECT_EQ(user["name"], "chuck334@example.com") << "for want of another";
  EXPECT_EQ(user["given_name"], "Chuck");
  EXPECT_EQ(user["nickname"], "Chucky");
  EXPECT_EQ(user["username"], "test-user695");
  EXPECT_EQ(user["picture"], "https://example-picture-url.jpg");
  EXPECT_EQ(user["blocked"], false);
  EXPECT_EQ(user["user_metadata"], (Json{{"favourite_attack", "roundhouse_kick"}}));
  EXPECT_EQ(user["app_metadata"]["facts"], Json::array({"count_to_infinity_twice"}));
  EXPECT_EQ(user["identities"][0]["connection"], "Username-Password-Authentication");
  EXPECT_EQ(user["identities"][0]["provider"], "auth0");
  EXPECT_EQ(user["identities"][0]["isSocial"], false);
  EXPECT_EQ(user["created_at"], "2026-01-01T00:00:00.000Z");
  EXPECT_FALSE(user.contains("multifactor"));
  EXPECT_FALSE(user.contains("password"));
  EXPECT_THAT(json_text(user), ::testing::Not(HasSubstr("scrypt"))) << "S66";
  EXPECT_EQ(audited(AuditEventType::UserCreated).front().actor, "client c1, token 0badf00d");
}

TEST_F(UserEndpointsTest, U02MakesTheRecordOfAnAccount) {
  const auto made = post("/api/v2/users",
                         {{"connection", "unix"},
                          {"username", "ALICE"},
                          {"email", "alice@example.com"},
                          {"name", "Alice Liddell"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body["user_id"], "unix|alice") << "S37";
  EXPECT_EQ(made.body["username"], "alice");
  EXPECT_EQ(made.body["identities"][0],
            (Json{{"connection", "unix"},
                  {"provider", "unix"},
                  {"user_id", "alice"},
                  {"isSocial", false}}));
}

TEST_F(UserEndpointsTest, U02NeedsAnAccountForTheConnectionUnix) {
  for (const auto& body :
       {Json{{"connection", "unix"}},
        Json{{"connection", "unix"}, {"username", "nobody"}},
        Json{{"connection", "unix"}, {"username", "no body"}},
        Json{{"connection", "unix"}, {"username", "alice"}, {"password", "x"}}}) {
    const auto refused = post("/api/v2/users", body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(refused.error_code(), "invalid_body") << body;
  }
}

TEST_F(UserEndpointsTest, U02RefusesWhoIsThereAlready) {
  make_person("chuck@example.com");
  const auto refused =
      post("/api/v2/users", {{"connection", "people"}, {"email", "Chuck@Example.com"}});
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.message(), "The user already exists.");
  EXPECT_EQ(refused.error_code(), "auth0_idp_error");
  EXPECT_EQ(post("/api/v2/users", {{"connection", "unix"}, {"username", "alice"}}).status, 201);
  EXPECT_EQ(post("/api/v2/users", {{"connection", "unix"}, {"username", "alice"}}).status, 409);
}

TEST_F(UserEndpointsTest, U02RefusesABodyOfAnotherForm) {
  for (const auto& body : {Json::object(),
                           Json{{"connection", 1}},
                           Json{{"connection", "c"}, {"email", "nobody"}},
                           Json{{"connection", "c"}, {"blocked", "true"}},
                           Json{{"connection", "c"}, {"user_metadata", "x"}},
                           Json{{"connection", "c"}, {"user_id", "short"}},
                           Json{{"connection", "c"}, {"shoe", 40}}}) {
    const auto refused = post("/api/v2/users", body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(refused.error_code(), "invalid_body") << body;
  }
  EXPECT_EQ(call(Method::Post, "/api/v2/users").status, 400);
}

TEST_F(UserEndpointsTest, U02TakesTheIdThatItIsGiven) {
  const auto made =
      post("/api/v2/users", {{"connection", "people"}, {"user_id", "640b5a0ed3534be8b2db9dd3"}});
  EXPECT_EQ(made.body["user_id"], "auth0|640b5a0ed3534be8b2db9dd3");
}

TEST_F(UserEndpointsTest, U03ShowsAnAccountOfWhichNothingIsStored) {  // C23
  for (const auto* id : {"alice", "unix%7Calice", "unix|alice", "ALICE"}) {
    const auto shown = get(std::string("/api/v2/users/") + id);
    ASSERT_EQ(shown.status, 200) << id;
    EXPECT_EQ(shown.body["user_id"], "unix|alice");
    EXPECT_EQ(shown.body["username"], "alice");
    EXPECT_EQ(shown.body["logins_count"], 0);
    EXPECT_FALSE(shown.body.contains("created_at"));
  }
}

TEST_F(UserEndpointsTest, U03TellsOfLoginsFromTheAuditLog) {
  AuditEvent login{};
  login.time = clock_.wall();
  login.type = AuditEventType::LoginGranted;
  login.user = "alice";
  login.uid = 1000;
  login.source = "192.0.2.7";
  ASSERT_TRUE(memory_.append(login));
  const auto shown = get("/api/v2/users/alice");
  EXPECT_EQ(shown.body["logins_count"], 1);
  EXPECT_EQ(shown.body["last_login"], "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(shown.body["last_ip"], "192.0.2.7");
}

TEST_F(UserEndpointsTest, U03OfNobodyIs404) {
  for (const auto* id : {"nobody",
                         "auth0%7C640b5a0ed3534be8b2db9dd3",
                         "auth0%7Cthis-user-id-does-not-exist",
                         "google%7Calice"}) {
    const auto missing = get(std::string("/api/v2/users/") + id);
    EXPECT_EQ(missing.status, 404) << id;
    EXPECT_EQ(missing.message(), "The user does not exist.") << id;
    EXPECT_EQ(missing.error_code(), "inexistent_user") << id;
  }
}

TEST_F(UserEndpointsTest, U03OfAPrivilegedAccountNeedsAScopeOfItsOwn) {  // S65
  act_with({"read:users"});
  EXPECT_EQ(get("/api/v2/users/alice").status, 200);
  for (const auto* id : {"root", "bob"}) {
    const auto refused = get(std::string("/api/v2/users/") + id);
    EXPECT_EQ(refused.status, 403) << id;
    EXPECT_EQ(refused.error_code(), "insufficient_scope") << id;
    EXPECT_THAT(refused.message(), HasSubstr("read:users:privileged")) << id;
  }
  act_with({"read:users", "read:users:privileged"});
  EXPECT_EQ(get("/api/v2/users/root").status, 200);
}

TEST_F(UserEndpointsTest, WhoseGroupsCantBeReadCountsAsPrivileged) {  // S65
  directory_.lose_groups();
  act_with({"read:users"});
  EXPECT_EQ(get("/api/v2/users/alice").status, 403);
}

TEST_F(UserEndpointsTest, U04ChangesWhatItNames) {
  const auto id = make_person();
  clock_.advance(std::chrono::seconds(1));
  const auto changed = patch("/api/v2/users/" + id,
                             {{"name", "Chuck"},
                              {"connection", "ignored"},
                              {"client_id", "ignored"},
                              {"password", "I don't need one"},
                              {"app_metadata", {{"foo", "bar"}, {"gone", 1}}}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.body["name"], "Chuck");
  EXPECT_EQ(changed.body["email"], "chuck@example.com");
  EXPECT_EQ(changed.body["updated_at"], "2026-01-01T00:00:01.000Z");
  EXPECT_EQ(changed.body["last_password_reset"], "2026-01-01T00:00:01.000Z");
  const auto merged =
      patch("/api/v2/users/" + id,
            {{"app_metadata", {{"gone", nullptr}, {"more", {1, 2}}}}, {"name", nullptr}});
  EXPECT_EQ(merged.body["app_metadata"], (Json{{"foo", "bar"}, {"more", {1, 2}}}));
  EXPECT_EQ(merged.body["name"], "chuck@example.com");
}

TEST_F(UserEndpointsTest, U04MakesTheRecordOfAnAccountThatHasNone) {
  const auto changed = patch("/api/v2/users/alice", {{"email", "alice@example.com"}});
  ASSERT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body["email"], "alice@example.com");
  EXPECT_EQ(get("/api/v2/users").body.size(), 1U);
}

TEST_F(UserEndpointsTest, U04BlocksAndUnblocks) {
  ASSERT_EQ(patch("/api/v2/users/alice", {{"blocked", true}}).body["blocked"], true);
  EXPECT_TRUE(memory_.settings_for({"alice", 1000})->blocked);
  ASSERT_EQ(audited(AuditEventType::UserBlocked).size(), 1U);
  ASSERT_EQ(patch("/api/v2/users/alice", {{"blocked", false}}).body["blocked"], false);
  EXPECT_FALSE(memory_.settings_for({"alice", 1000})->blocked);
  EXPECT_EQ(severity_of(audited(AuditEventType::UserUnblocked).at(0)), Severity::Alert) << "S149";
}

TEST_F(UserEndpointsTest, U04RefusesAnAddressThatIsTaken) {
  make_person("one@example.com");
  const auto other = make_person("two@example.com");
  const auto refused = patch("/api/v2/users/" + other, {{"email", "one@example.com"}});
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.error_code(), "auth0_idp_error");
}

TEST_F(UserEndpointsTest, U04BlocksNobodyWhoIsTheWayBack) {  // S149
  const auto refused = patch("/api/v2/users/root", {{"blocked", true}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(
      refused.message(),
      "Payload validation error: 'The account with uid 0 can't be blocked: it is the way back "
      "in'.");
}

TEST_F(UserEndpointsTest, U04EndsEndlessMetadata) {
  int status = 200;
  int kept = 0;
  for (int n = 0; n < 10 && status == 200; ++n) {
    status = patch("/api/v2/users/alice",
                   {{"app_metadata", {{"x" + std::to_string(n), std::string(9'000, 'x')}}}})
                 .status;
    kept += status == 200 ? 1 : 0;
  }
  EXPECT_EQ(status, 400);
  EXPECT_EQ(get("/api/v2/users/alice").body["app_metadata"].size(), std::size_t(kept));
}

TEST_F(UserEndpointsTest, RootLiftsABlock) {  // S149
  patch("/api/v2/users/alice", {{"blocked", true}});
  ASSERT_EQ(audited(AuditEventType::UserBlocked).size(), 1U);
  EXPECT_EQ(severity_of(audited(AuditEventType::UserBlocked).back()), Severity::Alert);
  const Account alice{"alice", 1000};
  ASSERT_TRUE(users_.unblock(alice, "uid 0"));
  EXPECT_EQ(get("/api/v2/users/alice").body["blocked"], false);
  ASSERT_TRUE(users_.unblock(alice, "uid 0"));
  EXPECT_EQ(audited(AuditEventType::UserUnblocked).size(), 1U);
}

TEST_F(UserEndpointsTest, U04RefusesWhatItCantChange) {
  EXPECT_EQ(patch("/api/v2/users/nobody", {{"name", "x"}}).error_code(), "inexistent_user");
  EXPECT_EQ(patch("/api/v2/users/alice", {{"user_id", "x"}}).status, 400);
  EXPECT_EQ(patch("/api/v2/users/alice", Json::object()).status, 400);
  EXPECT_EQ(patch("/api/v2/users/alice", {{"password", "x"}}).status, 400);
  EXPECT_EQ(patch("/api/v2/users/alice", {{"username", "bob"}}).status, 400);
}

TEST_F(UserEndpointsTest, U04WithAScopeForMetadataChangesMetadataAlone) {
  act_with({"update:users_app_metadata"});
  EXPECT_EQ(patch("/api/v2/users/alice", {{"app_metadata", {{"a", 1}}}}).status, 200);
  EXPECT_EQ(patch("/api/v2/users/alice", {{"user_metadata", {{"a", 1}}}}).status, 403);
  const auto refused = patch("/api/v2/users/alice", {{"blocked", false}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.message(), "Insufficient scope, expected any of: update:users");
}

TEST_F(UserEndpointsTest, U05RemovesAUserAndIsDoneTwice) {
  const auto id = make_person();
  add(id, {{"type", "email"}, {"email", "chuck@example.com"}});
  EXPECT_EQ(remove("/api/v2/users/" + id).status, 204);
  EXPECT_EQ(get("/api/v2/users/" + id).status, 404);
  EXPECT_EQ(remove("/api/v2/users/" + id).status, 204);
  EXPECT_EQ(remove("/api/v2/users/nobody").status, 204);
  EXPECT_EQ(audited(AuditEventType::UserDeleted).size(), 1U);
}

TEST_F(UserEndpointsTest, U05OfAPrivilegedAccountNeedsAScopeOfItsOwn) {  // S65
  act_with({"delete:users"});
  EXPECT_EQ(remove("/api/v2/users/root").status, 403);
}

TEST_F(UserEndpointsTest, U06FindsByAddress) {
  make_person("chuck@example.com");
  const auto found = get("/api/v2/users-by-email?email=Chuck%40example.com");
  ASSERT_EQ(found.status, 200);
  ASSERT_EQ(found.body.size(), 1U);
  EXPECT_EQ(found.body[0]["email"], "chuck@example.com");
  EXPECT_EQ(get("/api/v2/users-by-email?email=nobody@example.com").body, Json::array());
  EXPECT_EQ(get("/api/v2/users-by-email").error_code(), "invalid_query_string");
}

TEST_F(UserEndpointsTest, AStoreThatIsAwayIs503) {
  ports_.plan.fail_next("user_record", Fault::Error);
  EXPECT_EQ(get("/api/v2/users/alice").status, 503);
  ports_.plan.fail_next("find", Fault::Error);
  EXPECT_EQ(get("/api/v2/users/alice").status, 503) << "S47: not knowing is not 'nobody'";
}

}  // namespace
}  // namespace twinlock::http
