// SPDX-License-Identifier: MIT
#include "daemon/http/errors.h"

#include "daemon/http/json.h"

namespace twinlock::http {
namespace {

constexpr const char* kUnavailable = "The service is temporarily unavailable.";
constexpr const char* kRetryAfter = "5";  // seconds: a restart, or a disk that catches its breath

bool speaks_oauth(std::string_view target) {
  return target.starts_with("/oauth/") || target.starts_with("/mfa/");
}

// RFC 6749 §5.2 has no words for most of it.
std::string_view oauth_code(int status) {
  switch (status) {
    case 401:
      return "invalid_client";
    case 403:
      return "access_denied";
    case 404:
      return "not_found";
    case 429:
      return "too_many_requests";
    case 500:
      return "server_error";
    case 503:
      return "temporarily_unavailable";
    default:
      return "invalid_request";
  }
}

std::string_view api_code(int status) {
  switch (status) {
    case 429:
      return "too_many_requests";
    case 503:
      return "service_unavailable";
    default:
      return {};
  }
}

// In the words of the path.
Response worded(std::string_view target,
                int status,
                std::string_view message,
                std::string_view error_code) {
  if (speaks_oauth(target)) return oauth_error(status, oauth_code(status), message);
  return api_error(status, message, error_code.empty() ? api_code(status) : error_code);
}

}  // namespace

Response api_error(int status, std::string_view message, std::string_view error_code) {
  Json body{{"statusCode", status}, {"error", reason_phrase(status)}, {"message", message}};
  if (!error_code.empty()) body["errorCode"] = error_code;
  return json_response(status, body);
}

Response oauth_error(int status, std::string_view error, std::string_view description) {
  auto response = json_response(status, {{"error", error}, {"error_description", description}});
  response.add_header("Pragma", "no-cache");  // C05
  return response;
}

Response error_response(const Request& request, const Error& error) {
  switch (error.code) {
    case ErrorCode::InvalidInput:
      return worded(
          request.target, 400, "Payload validation error: '" + error.detail + "'.", "invalid_body");
    case ErrorCode::NotFound:
      return worded(request.target, 404, "Not Found", {});
    case ErrorCode::Conflict:
    case ErrorCode::LimitExceeded:
      return worded(request.target, 409, error.detail, {});
    case ErrorCode::Forbidden:
    case ErrorCode::ProofRequired:
      return worded(request.target, 403, error.detail, {});
    case ErrorCode::Unavailable:
      return unavailable(request.target);
    case ErrorCode::Internal:
      break;
  }
  return internal_error(request.target, request.id);
}

Response internal_error(std::string_view target, std::string_view request_id) {
  return worded(target,
                500,
                "An internal error occurred. The request was " + std::string(request_id) + ".",
                {});
}

Response unavailable(std::string_view target) {
  auto response = worded(target, 503, kUnavailable, {});
  response.add_header("Retry-After", kRetryAfter);
  return response;
}

Response refusal(std::string_view target, int status, std::string_view message) {
  return worded(target, status, message.empty() ? reason_phrase(status) : message, {});
}

std::string Finding::text() const {
  std::string text = "'" + what + "'";
  if (!where.empty()) text += " on property " + where;
  if (!where.empty() && !description.empty()) text += " (" + description + ")";
  return text + ".";
}

Response body_error(const Finding& finding) {
  return api_error(400, "Payload validation error: " + finding.text(), "invalid_body");
}

Response query_error(const Finding& finding) {
  return api_error(400, "Query validation error: " + finding.text(), "invalid_query_string");
}

Response path_error(const Finding& finding) {
  return api_error(400, "Path validation error: " + finding.text(), "invalid_uri");
}

}  // namespace twinlock::http
