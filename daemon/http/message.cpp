// SPDX-License-Identifier: MIT
#include "daemon/http/message.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "daemon/http/syntax.h"

namespace twinlock::http {
namespace {

constexpr std::array<std::string_view, 7> kMethodNames{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

const Field* field_named(const std::vector<Field>& fields, std::string_view name) {
  const auto found = std::find_if(
      fields.begin(), fields.end(), [name](const Field& field) { return field.first == name; });
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace

std::string_view method_name(Method method) {
  return kMethodNames.at(static_cast<std::size_t>(method));
}

std::optional<Method> method_named(std::string_view name) {
  const auto* found = std::find(kMethodNames.begin(), kMethodNames.end(), name);
  if (found == kMethodNames.end()) return std::nullopt;
  return static_cast<Method>(found - kMethodNames.begin());
}

bool is_write(Method method) {
  return method == Method::Post || method == Method::Put || method == Method::Patch ||
         method == Method::Delete;
}

bool is_same_name(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    return lowered(a) == lowered(b);
  });
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (is_same_name(key, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  const auto* field = field_named(query, name);
  if (field == nullptr) return std::nullopt;
  return field->second;
}

const std::string& Request::parameter(std::string_view name) const {
  const auto* field = field_named(parameters, name);
  if (field == nullptr) throw std::logic_error("no {" + std::string(name) + "} in the pattern");
  return field->second;
}

Response empty_response(int status) {
  Response response;
  response.status = status;
  return response;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Entity";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

bool is_sendable(const Response& response) {
  return is_header_value(response.content_type) &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const Field& header) {
           return is_token(header.first) && is_header_value(header.second);
         });
}

}  // namespace twinlock::http
