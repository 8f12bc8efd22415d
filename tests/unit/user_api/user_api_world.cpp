// SPDX-License-Identifier: MIT
#include "tests/unit/user_api/user_api_world.h"

#include "daemon/http/target.h"
#include "tests/unit/http/exchange_notes.h"

namespace twinlock::http {

UserApiTest::UserApiTest()
    : method_endpoints_({methods_,
                         users_,
                         [this]() -> Result<MethodPresentation> { return presentation_; },
                         "id.example.com"}),
      enrollment_endpoints_({methods_,
                             tickets_,
                             users_,
                             [this]() -> Result<MethodPresentation> { return presentation_; },
                             "https://id.example.com"}),
      router_(routes()) {
  directory_.add({"root", 0});
  directory_.add({"alice", 1000}, {"alice"});
  directory_.add({"bob", 1001}, {"bob", "sudo"});
  directory_.add_alias("ALICE", "alice");
  EXPECT_TRUE(memory_.set_factor(Factor::Otp, true, {}));
  for (const auto& route : router_.routes()) {
    for (const auto& scope : route.scopes) {
      scopes_.push_back(scope);
      scopes_.push_back(scope + ":privileged");
    }
  }
}

std::vector<Route> UserApiTest::routes() {
  auto all = user_endpoints_.routes();
  for (auto& route : method_endpoints_.routes()) all.push_back(std::move(route));
  for (auto& route : enrollment_endpoints_.routes()) all.push_back(std::move(route));
  return all;
}

Answer UserApiTest::call(Method method, std::string_view target, const std::string& body) {
  Request request;
  request.method = method;
  request.target = target;
  const auto question = target.find('?');
  request.segments = path_segments(target.substr(0, question)).value();
  if (question != std::string_view::npos) {
    request.query = form_fields(target.substr(question + 1)).value();
  }
  request.body = body;
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.caller.client_id = "c1";
  request.caller.token_id = "0badf00d";
  request.caller.scopes = ScopeSet(scopes_);
  const auto match = router_.find(method, request.segments);
  if (match.route == nullptr) return {404, Json::object()};
  request.parameters = match.parameters;
  const auto response = match.route->handler(request);
  note_exchange(request, *match.route, response);
  return {response.status, response.body.empty() ? Json::object() : Json::parse(response.body)};
}

std::string UserApiTest::make_person(const std::string& email) {
  const auto made = post("/api/v2/users", {{"connection", "people"}, {"email", email}});
  EXPECT_EQ(made.status, 201) << made.body;
  return percent_encoded(made.body.value("user_id", ""));
}

std::string UserApiTest::add(const std::string& user, const Json& body) {
  const auto added = post("/api/v2/users/" + user + "/authentication-methods", body);
  EXPECT_EQ(added.status, 201) << added.body;
  return added.body.value("id", "");
}

std::vector<AuditEvent> UserApiTest::audited(AuditEventType type) {
  std::vector<AuditEvent> found;
  AuditQuery query;
  query.limit = 10'000;
  const auto records = memory_.read(query);
  for (const auto& record : *records) {
    if (record.event.type == type) found.push_back(record.event);
  }
  return found;
}

}  // namespace twinlock::http
