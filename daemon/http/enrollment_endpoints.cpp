// SPDX-License-Identifier: MIT
#include "daemon/http/enrollment_endpoints.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "daemon/domain/contact.h"
#include "daemon/http/actor.h"
#include "daemon/http/errors.h"
#include "daemon/http/schema.h"
#include "daemon/http/syntax.h"

namespace twinlock::http {
namespace {

const Scopes& reading_users() {
  static const Scopes scopes{"read:users", "read:current_user"};
  return scopes;
}
const Scopes& resetting() {
  static const Scopes scopes{
      "delete:guardian_enrollments", "remove:authenticators", "delete:authentication_methods"};
  return scopes;
}
const Scopes& inviting() {
  static const Scopes scopes{"create:guardian_enrollment_tickets"};
  return scopes;
}
const Scopes& reading() {
  static const Scopes scopes{"read:guardian_enrollments"};
  return scopes;
}
const Scopes& deleting() {
  static const Scopes scopes{"delete:guardian_enrollments"};
  return scopes;
}

// As in "de-CH" (BCP 47): whether we have it in that language is another question.
bool is_locale(std::string_view text) {
  constexpr std::size_t kLongestPart = 8;
  while (true) {
    const auto part = text.substr(0, text.find('-'));
    const bool is_part =
        !part.empty() && part.size() <= kLongestPart &&
        std::all_of(part.begin(), part.end(), [](char c) { return is_digit(c) || is_letter(c); });
    if (!is_part) return false;
    if (part.size() == text.size()) return true;
    text.remove_prefix(part.size() + 1);
  }
}

const Schema& ticket_schema() {
  static const Schema schema = object(
      {required("user_id", string("Whom to invite").length(1, 300)),
       optional("email", string("Where to send the ticket").format("email", is_mail_address)),
       optional("send_mail", boolean("Whether to send it by mail")),
       optional("send_email", boolean("Another name of send_mail")),
       optional("email_locale",
                string("The language of the mail").length(1, 35).format("BCP 47", is_locale)),
       optional("factor",
                string("The only factor that is offered")
                    .one_of({"push-notification",
                             "phone",
                             "email",
                             "otp",
                             "webauthn-roaming",
                             "webauthn-platform"})),
       optional("allow_multiple_enrollments", boolean("Whether it may add a further one"))});
  return schema;
}

bool is_set(const Json& body, const char* name) {
  return body.contains(name) && body.at(name).get<bool>();
}

std::optional<Factor> factor_in(const Json& body) {
  if (!body.contains("factor")) return std::nullopt;
  const auto name = body.at("factor").get<std::string>();
  return name == "phone" ? Factor::Sms : factor_named(name);
}

Response no_such_enrollment() {
  return api_error(404, "Enrollment not found", "enrollment_not_found");
}

}  // namespace

EnrollmentEndpoints::EnrollmentEndpoints(Parts parts)
    : parts_(std::move(parts)), access_(parts_.users) {}

std::vector<Route> EnrollmentEndpoints::routes() {
  const std::string user = "/api/v2/users/{id}";
  const std::string guardian = "/api/v2/guardian";
  const std::string one = guardian + "/enrollments/{id}";
  const auto create = [this](const Request& r) { return create_ticket(r); };
  return {
      {"U14",
       Method::Get,
       user + "/enrollments",
       reading_users(),
       [this](const Request& r) { return list(r); }},
      {"U15",
       Method::Delete,
       user + "/authenticators",
       resetting(),
       [this](const Request& r) { return remove_all(r); }},
      {"G46",
       Method::Post,
       guardian + "/enrollments/ticket",
       inviting(),
       create,
       Access::Token,
       RateClass::Tickets},
      {"G47", Method::Get, one, reading(), [this](const Request& r) { return show(r); }},
      {"G48", Method::Delete, one, deleting(), [this](const Request& r) { return remove(r); }},
      {"G49",
       Method::Post,
       guardian + "/post-ticket",
       inviting(),
       create,
       Access::Token,
       RateClass::Tickets},
  };
}

Parsed<EnrolledMethod> EnrollmentEndpoints::enrollment_of(const Request& request,
                                                          const Scopes& scopes) {
  const auto id = parse_method_reference(request.parameter("id"));
  if (!id) return no_such_enrollment();
  auto method = parts_.methods.find(*id);
  if (!method) {
    const bool is_missing = method.error().code == ErrorCode::NotFound;
    return is_missing ? no_such_enrollment() : error_response(request, method.error());
  }
  if (access_.is_hidden(request, method->method.owner)) return no_such_enrollment();
  auto refusal = access_.refusal_for(request, method->method.owner, scopes);
  if (refusal) return *std::move(refusal);
  return *std::move(method);
}

Response EnrollmentEndpoints::list(const Request& request) {
  const auto owner = access_.owner_of(request, request.parameter("id"), reading_users());
  if (!owner) return owner.refusal();
  const auto how = parts_.presentation();
  if (!how) return error_response(request, how.error());
  const auto methods = parts_.methods.list(*owner);
  if (!methods) return error_response(request, methods.error());
  Json views = Json::array();
  for (const auto& method : *methods) {
    if (auto view = listed_enrollment(method, *how)) views.push_back(*std::move(view));
  }
  return json_response(200, views);
}

Response EnrollmentEndpoints::remove_all(const Request& request) {
  const auto owner = access_.owner_of(request, request.parameter("id"), resetting());
  if (!owner) return owner.refusal();
  const auto removed = parts_.methods.remove_all(*owner, actor_of(request));
  if (!removed) return error_response(request, removed.error());
  return empty_response(204);
}

// In this order: the body, a factor that is on, the user.
Response EnrollmentEndpoints::create_ticket(const Request& request) {
  const auto body = ticket_schema().read(request);
  if (!body) return body.refusal();
  if (is_set(*body, "send_mail") || is_set(*body, "send_email")) {
    return body_error({"Sending mail is not set up; leave send_mail out and pass ticket_url on",
                       is_set(*body, "send_mail") ? "send_mail" : "send_email",
                       "Whether to send it by mail"});
  }
  if (const auto possible = parts_.tickets.check_enrollable(); !possible) {
    if (possible.error().code == ErrorCode::Conflict)
      return api_error(400, possible.error().detail);
    return error_response(request, possible.error());
  }
  const auto owner = parts_.users.owner_of(body->at("user_id").get<std::string>());
  const bool is_missing = !owner && owner.error().code == ErrorCode::NotFound;
  if (is_missing || (owner && access_.is_hidden(request, *owner))) {
    return api_error(404, "User not found");
  }
  if (!owner) return error_response(request, owner.error());
  if (auto refusal = access_.refusal_for(request, *owner, inviting())) return *std::move(refusal);
  TicketRequest ticket{.factor = factor_in(*body),
                       .allow_multiple = is_set(*body, "allow_multiple_enrollments"),
                       .locale = body->value("email_locale", "")};
  const auto id = parts_.tickets.issue(*owner, ticket, actor_of(request));
  if (!id) return error_response(request, id.error());
  const auto url = parts_.public_url + "/u2/guardian/enroll?ticket=" + *id;
  return json_response(200, {{"ticket_id", *id}, {"ticket_url", url}});
}

Response EnrollmentEndpoints::show(const Request& request) {
  const auto method = enrollment_of(request, reading());
  if (!method) return method.refusal();
  const auto how = parts_.presentation();
  if (!how) return error_response(request, how.error());
  return json_response(200, enrollment_view(*method, *how));
}

Response EnrollmentEndpoints::remove(const Request& request) {
  const auto method = enrollment_of(request, deleting());
  if (!method) return method.refusal();
  const auto removed =
      parts_.methods.remove(method->method.owner, method->method.id, actor_of(request));
  if (!removed) {
    const bool is_missing = removed.error().code == ErrorCode::NotFound;
    return is_missing ? no_such_enrollment() : error_response(request, removed.error());
  }
  return empty_response(204);
}

}  // namespace twinlock::http
