// SPDX-License-Identifier: MIT
#include "tests/unit/http/api_world.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "daemon/http/errors.h"
#include "daemon/http/target.h"
#include "tests/unit/http/exchange_notes.h"

namespace twinlock::http {

std::string Answer::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const Field& field) {
    return is_same_name(field.first, name);
  });
  return found == headers.end() ? "" : found->second;
}

ApiWorld::ApiWorld(ProviderSecrets secrets)
    : administration({ports.store,
                      ports.store,
                      ports.store,
                      ports.store,
                      ports.directory,
                      ports.clock,
                      audit}),
      users({ports.store, ports.store, ports.directory, random, ports.clock, audit, {}}),
      methods({ports.store, ports.store, ports.keys, random, ports.clock, audit}),
      tickets({ports.store, ports.store, random, ports.clock, audit}),
      groups({ports.store, ports.clock, audit}),
      access({ports.store, random, ports.clock, audit}),
      signing_keys({ports.store, random, ports.clock, audit}),
      api_(std::make_unique<ManagementApi>(
          ManagementApi::Services{.administration = administration,
                                  .users = users,
                                  .methods = methods,
                                  .tickets = tickets,
                                  .groups = groups,
                                  .access = access,
                                  .keys = signing_keys,
                                  .audit = audit,
                                  .log = ports.store,
                                  .clock = ports.clock,
                                  .enrolled = ports.store},
          Options{.public_url = "https://id.example.com", .provider_secrets = secrets})),
      health_(ports.store) {
  auto routes = api_->routes();
  for (auto& route : health_.routes()) routes.push_back(std::move(route));
  router_ = std::make_unique<Router>(std::move(routes));
  note_routes(router_->routes());
  act_with({});
}

void ApiWorld::act_with(const std::vector<std::string>& scopes) {
  ApiClientRequest wanted;
  wanted.name = "client " + std::to_string(++made_);
  wanted.scopes = scopes.empty() ? std::vector<std::string>{"full"} : scopes;
  const auto made = access.create(wanted, "uid 0");
  if (!made) throw std::logic_error(made.error().detail);
  const auto client = access.find(made->id);
  token_ = std::string(access.issue(**client, {}, source)->token.text());
}

std::vector<AuditEvent> ApiWorld::audited(AuditEventType type) {
  std::vector<AuditEvent> found;
  for (const auto& event : log.events()) {
    if (event.type == type) found.push_back(event);
  }
  return found;
}

Answer ApiWorld::call(Method method,
                      std::string_view path,
                      const std::string& body,
                      std::vector<Field> headers) {
  Request request;
  request.method = method;
  request.target = std::string(path);
  const auto mark = path.find('?');
  request.segments = path_segments(path.substr(0, mark)).value();
  if (mark != std::string_view::npos) request.query = form_fields(path.substr(mark + 1)).value();
  request.body = body;
  request.client = source;
  request.is_tls = true;
  request.id = "request";
  request.headers = std::move(headers);
  if (!request.header("Authorization"))
    request.headers.emplace_back("Authorization", "Bearer " + token_);

  const auto match = router_->find(method, request.segments);
  Response response = api_error(404, "Not Found");
  if (match.route == nullptr && !match.allowed.empty()) {
    response = api_error(405, "Method Not Allowed");
    response.add_header("Allow", match.allowed);
  } else if (match.route != nullptr) {
    request.parameters = match.parameters;
    std::variant<Caller, Response> admitted = Caller{};
    if (match.route->access == Access::Token)
      admitted = api_->access_check().admit(request, *match.route);
    if (const auto* caller = std::get_if<Caller>(&admitted)) {
      request.caller = *caller;
      response = match.route->handler(request);
    } else {
      response = std::get<Response>(admitted);
    }
    note_exchange(request, *match.route, response);
  }
  Answer answer{.status = response.status,
                .body = Json(),
                .text = response.body,
                .content_type = response.content_type,
                .headers = response.headers,
                .mark = response.mark};
  if (!response.body.empty()) answer.body = Json::parse(response.body, nullptr, false);
  return answer;
}

}  // namespace twinlock::http
