// SPDX-License-Identifier: MIT
#include "daemon/http/oauth_endpoints.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/domain/scope.h"
#include "daemon/http/errors.h"
#include "daemon/http/json.h"

namespace twinlock::http {
namespace {

constexpr std::string_view kClientCredentials = "client_credentials";

// Known, and allowed to no client.
constexpr std::array<std::string_view, 6> kOtherGrants{
    "password",
    "http://auth0.com/oauth/grant-type/password-realm",
    "http://auth0.com/oauth/grant-type/mfa-otp",
    "http://auth0.com/oauth/grant-type/mfa-oob",
    "http://auth0.com/oauth/grant-type/mfa-recovery-code",
    "refresh_token"};

// With or without the slash at its end (C02).
bool is_audience(std::string_view asked, std::string_view ours) {
  return asked == ours || (ours.ends_with('/') && asked == ours.substr(0, ours.size() - 1));
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

std::vector<Route> OAuthEndpoints::routes() {
  const auto open = [](const char* id, Method method, const char* path, Handler handler) {
    return Route{.id = id,
                 .method = method,
                 .pattern = path,
                 .scopes = {},
                 .handler = std::move(handler),
                 .access = Access::Public,
                 .rate = RateClass::Source};
  };
  const auto describe = [this](const Request& request) { return discovery(request); };
  return {
      open("O02", Method::Post, "/oauth/token", [this](const auto& r) { return token(r); }),
      open("O09", Method::Get, "/.well-known/openid-configuration", describe),
      open("O10",
           Method::Get,
           "/.well-known/jwks.json",
           [this](const auto& r) { return key_set(r); }),
      open("O11", Method::Get, "/.well-known/oauth-authorization-server", describe),
      open("O12", Method::Get, "/userinfo", user),
      open("O12", Method::Post, "/userinfo", user),
      open("O13", Method::Post, "/oauth/revoke", [this](const auto& r) { return revoke(r); }),
  };
}

Response OAuthEndpoints::token(const Request& request) {
  const auto parameters = OAuthParameters::of(request);
  if (!parameters) return parameters.refusal();
  const auto grant = parameters->value("grant_type");
  if (grant.empty()) {
    return oauth_error(400, "invalid_request", "Missing required parameter: grant_type");
  }
  const bool is_other =
      std::find(kOtherGrants.begin(), kOtherGrants.end(), grant) != kOtherGrants.end();
  if (grant != kClientCredentials && !is_other) {
    return oauth_error(
        400, "unsupported_grant_type", "Unsupported grant type: " + std::string(grant));
  }
  const auto client = clients_.client_of(request, *parameters);
  if (!client) return client.refusal();
  if (is_other) {
    return oauth_error(403,
                       "unauthorized_client",
                       "Grant type '" + std::string(grant) + "' not allowed for the client.");
  }
  return client_credentials(request, *parameters, *client);
}

Response OAuthEndpoints::client_credentials(const Request& request,
                                            const OAuthParameters& parameters,
                                            const ApiClient& client) {
  const auto audience = parameters.value("audience");
  if (is_audience(audience, options_.mfa_audience())) {
    return oauth_error(
        403, "access_denied", "Client is not authorized to access " + quoted(audience));
  }
  if (!audience.empty() && !is_audience(audience, options_.management_audience())) {
    return oauth_error(
        403, "access_denied", "Service not enabled within domain: " + std::string(audience));
  }
  const auto issued = access_.issue(client, split_words(parameters.value("scope")), request.client);
  if (!issued) return error_response(request, issued.error());
  auto response = json_response(200,
                                {{"access_token", issued->token.text()},
                                 {"token_type", "Bearer"},
                                 {"expires_in", issued->lifetime.count()},
                                 {"scope", issued->scopes.text(' ')}});
  response.add_header("Pragma", "no-cache");  // C05; no-store is on every answer
  return response;
}

Response OAuthEndpoints::revoke(const Request& request) {
  const auto parameters = OAuthParameters::of(request);
  if (!parameters) return parameters.refusal();
  const auto client = clients_.client_of(request, *parameters);
  if (!client) return client.refusal();
  const auto token = parameters->value("token");
  if (token.empty()) {
    return oauth_error(400, "invalid_request", "Missing required parameter: token");
  }
  const auto revoked = access_.revoke(token, *client, request.client);
  if (!revoked) return error_response(request, revoked.error());
  return empty_response(200);
}

Response OAuthEndpoints::discovery(const Request& /*request*/) {
  const auto& url = options_.public_url;
  return json_response(
      200,
      {{"issuer", options_.issuer()},
       {"token_endpoint", url + "/oauth/token"},
       {"jwks_uri", url + "/.well-known/jwks.json"},
       {"userinfo_endpoint", url + "/userinfo"},
       {"revocation_endpoint", url + "/oauth/revoke"},
       // Libraries insist on one; it answers 404, since nobody logs in to other applications here.
       {"authorization_endpoint", url + "/authorize"},
       {"grant_types_supported", Json::array({kClientCredentials})},
       {"token_endpoint_auth_methods_supported",
        Json::array({"client_secret_basic", "client_secret_post", "private_key_jwt"})},
       {"token_endpoint_auth_signing_alg_values_supported",
        Json::array({"RS256", "ES256", "EdDSA"})},
       {"response_types_supported", Json::array({"code"})},
       {"subject_types_supported", Json::array({"public"})},
       {"id_token_signing_alg_values_supported", Json::array({"RS256"})}});
}

Response OAuthEndpoints::key_set(const Request& request) {
  const auto published = keys_.published();
  if (!published) return error_response(request, published.error());
  auto keys = Json::array();
  for (const auto& key : *published) {
    keys.push_back({{"kty", "RSA"},
                    {"use", "sig"},
                    {"alg", "RS256"},
                    {"kid", key.id},
                    {"n", key.modulus},
                    {"e", key.exponent}});
  }
  return json_response(200, {{"keys", keys}});
}

// Only a token for "openid" names a user, and no grant issues one.
Response OAuthEndpoints::user(const Request& request) {
  auto response =
      oauth_error(401,
                  "invalid_token",
                  request.header("Authorization") ? "Invalid token" : "Missing authentication");
  response.add_header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  return response;
}

}  // namespace twinlock::http
