// SPDX-License-Identifier: MIT
#include "daemon/http/cors.h"

#include <algorithm>

namespace twinlock::http {
namespace {

constexpr const char* kAllowedHeaders =
    "Authorization, Content-Type, Auth0-Client, Auth0-Custom-Domain, Tenant-Id";
constexpr const char* kExposedHeaders =
    "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After";
constexpr const char* kMaxAge = "600";  // seconds

}  // namespace

bool is_preflight(const Request& request) {
  return request.method == Method::Options && request.header("Origin") &&
         request.header("Access-Control-Request-Method");
}

Response preflight_response(std::string_view methods) {
  auto response = empty_response(204);
  response.add_header("Access-Control-Allow-Methods", std::string(methods));
  response.add_header("Access-Control-Allow-Headers", kAllowedHeaders);
  response.add_header("Access-Control-Max-Age", kMaxAge);
  return response;
}

bool is_allowed_origin(const Request& request, const std::vector<std::string>& origins) {
  const auto origin = request.header("Origin");
  return origin && std::find(origins.begin(), origins.end(), *origin) != origins.end();
}

void add_cors_headers(const Request& request,
                      const std::vector<std::string>& origins,
                      Response& response) {
  if (origins.empty()) return;
  response.add_header("Vary", "Origin");
  if (!is_allowed_origin(request, origins)) return;
  // One of ours, character by character: never what the request says by itself.
  response.add_header("Access-Control-Allow-Origin", std::string(*request.header("Origin")));
  response.add_header("Access-Control-Expose-Headers", kExposedHeaders);
}

}  // namespace twinlock::http
