// SPDX-License-Identifier: MIT
#include "daemon/http/oauth_parameters.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/http/errors.h"
#include "daemon/http/json.h"
#include "daemon/http/schema.h"
#include "daemon/http/syntax.h"
#include "daemon/http/target.h"

namespace twinlock::http {
namespace {

Response malformed() { return oauth_error(400, "invalid_request", "Malformed request body"); }

// Others may be anything: clients send more than there is (§5.1 of the contract).
bool is_known(std::string_view name) {
  constexpr std::array<std::string_view, 9> kKnown{"grant_type",
                                                   "client_id",
                                                   "client_secret",
                                                   "client_assertion",
                                                   "client_assertion_type",
                                                   "audience",
                                                   "scope",
                                                   "token",
                                                   "token_type_hint"};
  return std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
}

bool is_form(const Request& request) {
  const auto type = request.header("Content-Type").value_or("");
  return is_same_name(trimmed(type.substr(0, type.find(';'))), "application/x-www-form-urlencoded");
}

}  // namespace

Parsed<OAuthParameters> OAuthParameters::of(const Request& request) {
  OAuthParameters parameters;
  if (request.body.empty()) return parameters;
  if (is_json(request)) {
    const auto body = parse_json(request.body);
    if (!body || !body->is_object()) return malformed();
    for (const auto& [name, value] : body->items()) {
      if (value.is_string()) {
        parameters.values_.emplace(name, value.get<std::string>());
      } else if (is_known(name)) {
        // Read as absent, a narrower scope would become all of them.
        return oauth_error(400, "invalid_request", "Parameter is not a string: " + name);
      }
    }
    return parameters;
  }
  if (!is_form(request)) return malformed();
  const auto fields = form_fields(request.body);
  if (!fields) return malformed();
  for (const auto& [name, value] : *fields) {
    if (parameters.values_.emplace(name, value).second) continue;
    return oauth_error(400, "invalid_request", "A parameter is repeated");
  }
  return parameters;
}

std::string_view OAuthParameters::value(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string_view() : found->second;
}

}  // namespace twinlock::http
