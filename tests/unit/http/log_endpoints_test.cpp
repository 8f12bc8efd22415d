// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "daemon/http/log_view.h"
#include "daemon/http/request_record.h"
#include "tests/fakes/store_samples.h"
#include "tests/unit/http/api_world.h"

namespace twinlock::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kLogs = "/api/v2/logs";

class LogEndpointsTest : public testing::Test {
 protected:
  LogEndpointsTest() { api_.directory.add({"alice", 1000}); }

  // A login of alice's, as the bus process writes it.
  AuditEvent login(AuditEventType type, Reason reason = Reason::None) {
    AuditEvent event{};
    event.time = api_.clock.wall();
    event.type = type;
    event.user = "alice";
    event.uid = 1000;
    event.service = "sshd";
    event.source = "203.0.113.7";
    event.method_type = MethodType::Totp;
    event.reason = reason;
    event.conversation = "9f86d081884c7d659a2feaa0c55ad015";
    return event;
  }
  std::string add(const AuditEvent& event) {
    const auto number = *api_.memory.append(event);
    return log_id({number, event, {}});
  }
  static std::vector<std::string> ids(const Json& logs) {
    std::vector<std::string> found;
    for (const auto& log : logs) found.push_back(log["log_id"]);
    return found;
  }

  ApiWorld api_;
};

TEST_F(LogEndpointsTest, A01ShowsALoginAsAuth0Would) {
  const auto id = add(login(AuditEventType::LoginDenied, Reason::WrongCode));
  const auto log = api_.get(kLogs + "?per_page=1").body[0];
  EXPECT_EQ(log["_id"], id);
  EXPECT_EQ(log["log_id"], id);
  EXPECT_EQ(log["date"], "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(log["type"], "gd_auth_failed");
  EXPECT_EQ(log["user_id"], "unix|alice");
  EXPECT_EQ(log["user_name"], "alice");
  EXPECT_EQ(log["ip"], "203.0.113.7");
  EXPECT_EQ(log["client_id"], "pam:sshd");
  EXPECT_EQ(log["client_name"], "sshd");
  EXPECT_EQ(log["hostname"], "id.example.com");
  EXPECT_EQ(log["details"]["failure_details"]["errorCode"], "wrong-code");
  EXPECT_EQ(log["details"]["authenticator"]["type"], "totp");
  EXPECT_EQ(id.size(), 56U);
  EXPECT_EQ(id.substr(0, 20), "90020260101000000000");
}

TEST_F(LogEndpointsTest, A01HasTheNewestFirstInPagesWithTotals) {
  std::vector<std::string> all;
  for (int n = 0; n < 7; ++n) all.insert(all.begin(), add(login(AuditEventType::LoginGranted)));
  const auto page = api_.get(kLogs + "?page=1&per_page=3&include_totals=true").body;
  EXPECT_EQ(page["start"], 3);
  EXPECT_EQ(page["limit"], 3);
  EXPECT_EQ(page["length"], 3);
  EXPECT_EQ(page["total"], static_cast<int>(api_.memory.read({.limit = 1000, .user = {}})->size()));
  EXPECT_EQ(ids(page["logs"]), (std::vector{all[3], all[4], all[5]}));
  const auto beyond = api_.get(kLogs + "?page=100&include_totals=true");
  EXPECT_EQ(beyond.status, 200);
  EXPECT_EQ(beyond.body["logs"], Json::array());
  EXPECT_EQ(api_.get(kLogs + "?per_page=101").error_code(), "invalid_query_string");
  EXPECT_EQ(api_.get(kLogs + "?sort=date:2").error_code(), "invalid_query_string");
}

TEST_F(LogEndpointsTest, A01GoesOnFromACheckpointOldestFirst) {
  const auto first = add(login(AuditEventType::LoginGranted));
  std::vector<std::string> rest;
  for (int n = 0; n < 3; ++n) rest.push_back(add(login(AuditEventType::LoginGranted)));
  const auto next = api_.get(kLogs + "?from=" + first + "&take=2").body;
  EXPECT_EQ(ids(next), (std::vector{rest[0], rest[1]}));
  EXPECT_EQ(ids(api_.get(kLogs + "?take=100&from=" + rest[1]).body), (std::vector{rest[2]}));
  EXPECT_EQ(api_.get(kLogs + "?take=100&from=" + rest[2]).body, Json::array());
  for (const auto* bad :
       {"900", "abc", "90020260101000000000x00000000000000000000000000000000001"}) {
    EXPECT_EQ(api_.get(kLogs + "?from=" + bad).error_code(), "invalid_query_string") << bad;
  }
}

TEST_F(LogEndpointsTest, A01SearchesByTheFieldsOfAnEvent) {
  const auto denied = add(login(AuditEventType::LoginDenied, Reason::WrongCode));
  auto other = login(AuditEventType::LoginGranted);
  other.user = "bob";
  const auto granted = add(other);
  const auto found = [this](const std::string& query) {
    return ids(api_.get(kLogs + "?q=" + query).body);
  };
  EXPECT_EQ(found("type:gd_auth_failed"), std::vector{denied});
  EXPECT_EQ(found("type:%22gd_auth_succeed%22%20AND%20user_name:bob"), std::vector{granted});
  EXPECT_EQ(found("user_id:%22unix%7Calice%22"), std::vector{denied});
  EXPECT_EQ(found("ip:203.0.113.*%20AND%20NOT%20user_name:bob"), std::vector{denied});
  EXPECT_EQ(ids(api_.get(kLogs + "?search=user_name:bob").body), std::vector{granted});
  for (const auto* bad : {"foo:bar", "type:", "(type:s"}) {
    EXPECT_EQ(api_.get(kLogs + "?q=" + bad).error_code(), "invalid_query_string") << bad;
  }
  const auto totals = api_.get(kLogs + "?include_totals=true&q=client_id:%22pam:sshd%22").body;
  EXPECT_EQ(totals["total"], 2);
  EXPECT_EQ(ids(api_.get(kLogs + "?sort=date:1&q=client_id:%22pam:sshd%22").body),
            (std::vector{denied, granted}));
}

TEST_F(LogEndpointsTest, A01ShowsTheFieldsAskedFor) {
  add(login(AuditEventType::LoginGranted));
  EXPECT_EQ(api_.get(kLogs + "?per_page=1&fields=type,ip").body[0],
            Json({{"type", "gd_auth_succeed"}, {"ip", "203.0.113.7"}}));
}

TEST_F(LogEndpointsTest, A02ShowsOneEvent) {
  const auto id = add(login(AuditEventType::LoginGranted));
  EXPECT_EQ(api_.get(kLogs + "/" + id).body["log_id"], id);
  auto moved = id;
  moved[5] = '9';  // another year, the same number
  for (const auto& unknown : {moved, std::string("abc"), id + "0"}) {
    const auto answer = api_.get(kLogs + "/" + unknown);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.message(), "Log not found");
  }
}

TEST_F(LogEndpointsTest, A03HasAUsersEvents) {
  const auto mine = add(login(AuditEventType::LoginGranted));
  auto other = login(AuditEventType::LoginGranted);
  other.user = "bob";
  add(other);
  EXPECT_EQ(ids(api_.get("/api/v2/users/unix%7Calice/logs").body), std::vector{mine});
  EXPECT_EQ(ids(api_.get("/api/v2/users/alice/logs?include_totals=true").body["logs"]),
            std::vector{mine});
  const auto nobody = api_.get("/api/v2/users/unix%7Cnobody/logs");
  EXPECT_EQ(nobody.status, 404);
  EXPECT_EQ(nobody.error_code(), "inexistent_user");
}

TEST_F(LogEndpointsTest, EveryEventHasATypeThatClientsKnow) {
  EXPECT_EQ(log_type(login(AuditEventType::LoginDenied, Reason::OnHold)),
            "gd_otp_rate_limit_exceed");
  EXPECT_EQ(log_type(login(AuditEventType::LoginDenied, Reason::UnknownAccount)), "fu");
  auto recovery = login(AuditEventType::LoginGranted);
  recovery.method_type = MethodType::RecoveryCode;
  EXPECT_EQ(log_type(recovery), "gd_recovery_succeed");
  EXPECT_EQ(log_type(login(AuditEventType::EnrollmentStarted)), "gd_start_enroll");
  EXPECT_EQ(log_type(login(AuditEventType::MethodEnrolled)), "gd_enrollment_complete");
  EXPECT_EQ(log_type(login(AuditEventType::UserReset)), "gd_unenroll");
  EXPECT_EQ(log_type(login(AuditEventType::SettingsChanged)), "gd_tenant_update");
  EXPECT_EQ(log_type(login(AuditEventType::DaemonStarted)), "tl_daemon_started");
}

TEST_F(LogEndpointsTest, AWriteIsASapiWithItsRequestAndNoSecret) {  // S126, S124
  ASSERT_EQ(api_.put("/api/v2/guardian/factors/sms/providers/twilio",
                     {{"sid", "planted1"}, {"auth_token", "planted2"}})
                .status,
            200);
  const auto log = api_.get(kLogs + "?q=type:sapi").body[0];
  EXPECT_EQ(log["description"], "PUT /api/v2/guardian/factors/sms/providers/twilio 200");
  const auto& request = log["details"]["request"];
  EXPECT_EQ(request["method"], "PUT");
  EXPECT_EQ(request["path"], "/api/v2/guardian/factors/sms/providers/twilio");
  EXPECT_EQ(request["channel"], "api");
  EXPECT_EQ(request["auth"]["strategy"], "jwt");
  EXPECT_EQ(request["auth"]["credentials"]["scopes"], Json::array({"full"}));
  EXPECT_EQ(request["body"], Json({{"sid", "[REDACTED]"}, {"auth_token", "[REDACTED]"}}));
  EXPECT_EQ(log["details"]["response"]["statusCode"], 200);
  EXPECT_EQ(log["client_id"].get<std::string>().size(), kClientIdLength);
  EXPECT_EQ(api_.get(kLogs).text.find("planted"), std::string::npos);
}

TEST_F(LogEndpointsTest, ARefusedRequestIsAFapi) {  // S126
  ASSERT_EQ(api_.put("/api/v2/guardian/policies", Json::array({"never"})).status, 400);
  api_.act_with({"read:users"});
  ASSERT_EQ(api_.put("/api/v2/guardian/policies", Json::array()).status, 403);
  api_.act_with({});
  const auto logs = api_.get(kLogs + "?q=type:fapi").body;
  ASSERT_EQ(logs.size(), 2U);
  EXPECT_EQ(logs[0]["details"]["response"]["statusCode"], 403);
  EXPECT_EQ(logs[0]["details"]["request"]["auth"]["credentials"]["scopes"],
            Json::array({"read:users"}));
  EXPECT_EQ(logs[0]["details"]["response"]["body"]["errorCode"], "insufficient_scope");
  EXPECT_EQ(logs[1]["details"]["response"]["statusCode"], 400);
  EXPECT_EQ(logs[1]["details"]["request"]["body"], Json::array({"never"}));
}

TEST_F(LogEndpointsTest, C12ARequestsClientIsShownAsItNamesItself) {
  const auto write = [this](const char* named) {
    ASSERT_EQ(api_.call(Method::Put,
                        "/api/v2/guardian/policies",
                        "[]",
                        {{"Content-Type", "application/json"}, {"Auth0-Client", named}})
                  .status,
              200);
  };
  // {"name":"node-auth0","version":"7.1.0","env":{"node":"20"}}
  write("eyJuYW1lIjoibm9kZS1hdXRoMCIsInZlcnNpb24iOiI3LjEuMCIsImVudiI6eyJub2RlIjoiMjAifX0=");
  write("no base64");
  write("W10");                  // []
  write("eyJuYW1lIjoiYQpiIn0");  // {"name":"a\nb"}, with a real line break
  const auto logs = api_.get(kLogs + "?q=type:sapi").body;
  ASSERT_EQ(logs.size(), 4U);
  EXPECT_EQ(logs[3]["auth0_client"], Json({{"name", "node-auth0"}, {"version", "7.1.0"}}));
  EXPECT_FALSE(logs[2].contains("auth0_client"));
  EXPECT_FALSE(logs[1].contains("auth0_client"));
  EXPECT_FALSE(logs[0].contains("auth0_client")) << "JSON has no line breaks in strings";
}

TEST_F(LogEndpointsTest, ARequestBeyondTheRateIsAnApiLimit) {  // S69
  Request request;
  request.method = Method::Get;
  request.target = "/api/v2/users";
  request.client = "192.0.2.7";
  request.caller.client_id = "client1";
  request.caller.token_id = "0a1b2c3d";
  record_refusal(request, request.caller, {429, "too_many_requests"}, api_.audit, api_.clock);
  const auto log = api_.get(kLogs + "?q=type:api_limit").body[0];
  EXPECT_EQ(log["description"], "GET /api/v2/users 429");
  EXPECT_EQ(log["ip"], "192.0.2.7");
  EXPECT_EQ(log["client_id"], "client1");
  EXPECT_EQ(log["details"]["response"]["statusCode"], 429);
}

TEST_F(LogEndpointsTest, A06CountsWhoLoggedInWithinThirtyDays) {
  EXPECT_EQ(api_.get("/api/v2/stats/active-users").text, "0");
  add(login(AuditEventType::LoginGranted));
  api_.clock.advance(31 * 24h);
  api_.act_with({"read:stats"});  // tokens don't live that long
  auto other = login(AuditEventType::LoginGranted);
  other.user = "bob";
  add(other);
  add(other);
  EXPECT_EQ(api_.get("/api/v2/stats/active-users").text, "1");
}

TEST_F(LogEndpointsTest, A07CountsByDay) {
  add(login(AuditEventType::LoginGranted));
  add(login(AuditEventType::MethodEnrolled));
  api_.clock.advance(24h);
  add(login(AuditEventType::LoginGranted));
  api_.act_with({"read:stats"});
  const auto all = api_.get("/api/v2/stats/daily?from=20260101&to=20260102").body;
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["date"], "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(all[0]["logins"], 1);
  EXPECT_EQ(all[0]["signups"], 1);
  EXPECT_EQ(all[0]["leaked_passwords"], 0);
  EXPECT_EQ(api_.get("/api/v2/stats/daily?from=20260102&to=20260102").body.size(), 1U);
  for (const auto* bad : {"from=20261301", "from=2026", "from=x", "from=20260103&to=20260101"}) {
    EXPECT_EQ(api_.get(std::string("/api/v2/stats/daily?") + bad).error_code(),
              "invalid_query_string")
        << bad;
  }
}

TEST_F(LogEndpointsTest, A10AndA11ShowAndEndAHold) {  // §2.2
  int number = 0;
  const auto hold = [&] {
    const auto opened = api_.memory.open_conversation(conversation(++number), kConversationLimits);
    ASSERT_TRUE(opened);
    auto held = *api_.memory.attempts(alice(), Budget::ShortCode, {});
    held.consecutive = 10;
    held.failures = {api_.clock.wall()};
    ASSERT_EQ(*api_.memory.count_attempt(answered(opened->stored, 100 + number),
                                         opened->stored.nonce,
                                         alice(),
                                         {.budget = Budget::ShortCode, .next = held}),
              AttemptClaim::Counted);
  };
  hold();
  add(login(AuditEventType::LoginDenied, Reason::WrongCode));
  const Json blocked{{"blocked_for", {{{"identifier", "alice"}, {"ip", "203.0.113.7"}}}}};
  const Json free{{"blocked_for", Json::array()}};
  EXPECT_EQ(api_.get("/api/v2/user-blocks?identifier=alice").body, blocked);
  EXPECT_EQ(api_.get("/api/v2/user-blocks/unix%7Calice").body, blocked);
  EXPECT_EQ(api_.remove("/api/v2/user-blocks/unix%7Calice").status, 204);
  EXPECT_EQ(api_.get("/api/v2/user-blocks/alice").body, free);
  hold();
  EXPECT_EQ(api_.remove("/api/v2/user-blocks?identifier=alice").status, 204);
  EXPECT_EQ(api_.get("/api/v2/user-blocks?identifier=alice").body, free);
  EXPECT_EQ(api_.get("/api/v2/user-blocks?identifier=nobody").body, free);
  EXPECT_EQ(api_.remove("/api/v2/user-blocks?identifier=nobody").status, 204);
  EXPECT_EQ(api_.get("/api/v2/user-blocks/unix%7Cnobody").error_code(), "inexistent_user");
  EXPECT_EQ(api_.remove("/api/v2/user-blocks/unix%7Cnobody").status, 404);
  EXPECT_EQ(api_.get("/api/v2/user-blocks").error_code(), "invalid_query_string");
  EXPECT_EQ(api_.audited(AuditEventType::UserUnlocked).size(), 2U);
}

}  // namespace
}  // namespace twinlock::http
