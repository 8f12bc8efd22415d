// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_MESSAGE_H
#define TWINLOCK_DAEMON_HTTP_MESSAGE_H

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/domain/api_client.h"
#include "daemon/domain/scope.h"

// One request and its response, as plain values. Whoever writes an endpoint needs this, router.h,
// schema.h and errors.h, and nothing else of this folder:
//
//   Response rename_factor(const Request& request) {
//     const auto body = kRename.parse(request);                  // schema.h: 400 and 415 worded
//     if (!body) return body.error();
//     const auto renamed = factors_.rename(actor_of(request), request.parameter("id"), …);
//     return renamed ? json_response(200, view(*renamed)) : error_response(renamed.error());
//   }
//
// A request that reaches a handler has passed the guard (S54), its Host is one of ours (S61), no
// token was in its query (S63), its route is known, its caller has one of the route's scopes, and
// its buckets had room. The engine adds what every response carries (S60, C18): a handler doesn't.
namespace twinlock::http {

enum class Method { Get, Head, Post, Put, Patch, Delete, Options };

[[nodiscard]] std::string_view method_name(Method method);  // "GET"
[[nodiscard]] std::optional<Method> method_named(std::string_view name);
// Whether it may change something: POST, PUT, PATCH, DELETE.
[[nodiscard]] bool is_write(Method method);

using Field = std::pair<std::string, std::string>;  // name, value

// Whether two names of headers are the same: without regard to case.
[[nodiscard]] bool is_same_name(std::string_view left, std::string_view right);

// Who calls, as AccessCheck (router.h) found out. Nobody on public routes.
struct Caller {
  std::string client_id;
  std::string token_id;  // the first 8 hex digits of the token's hash: may be logged
  ScopeSet scopes;       // all that the token has
  UserFilter users{};    // whom it may see and change; others aren't there (S68)
};

struct Request {
  Method method = Method::Get;
  std::string target;                 // path and query as they came
  std::vector<std::string> segments;  // of the path, decoded once: UTF-8, no '/', never "." or ".."
  std::vector<Field> query;           // decoded, in order; '+' is a space
  std::vector<Field> headers;         // verbatim, in order of arrival; never decoded (S55)
  std::string body;                   // without chunks; what a GET or HEAD had is dropped (C09)
  std::string client;                 // address literal, behind listed proxies (S56)
  bool is_tls = false;
  std::string id;  // random, for logs and for the body of a 500

  // Filled in on the way to the handler.
  std::vector<Field> parameters;  // what stood in the places of the pattern: {id}
  Caller caller;

  // The first header of that name; nothing if there is none.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  // The first value of that name in the query; nothing if there is none.
  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
  // What stood in the place `{name}` of the route's pattern, never empty. Throws std::logic_error
  // if the pattern has no such place.
  [[nodiscard]] const std::string& parameter(std::string_view name) const;
};

inline constexpr std::string_view kJsonType = "application/json; charset=utf-8";  // C14
inline constexpr std::string_view kHtmlType = "text/html; charset=utf-8";

// What a response means for its source, beside its status (§2.2 of the requirements).
enum class Mark {
  None,
  FailedAuthentication,  // of a token or a client: 20 a minute
  LookupMiss,            // of a ticket or an approval: 20 an hour
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type{kJsonType};  // left out where there is no body
  std::vector<Field> headers;  // constants and checked values: a control in one is a 500 (S59)
  Mark mark = Mark::None;
  bool is_immutable = false;  // a static file under a content hash: may be cached (S60)

  // Beyond those that the engine adds. A second one of the same name stays beside the first.
  void add_header(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
  }
};

[[nodiscard]] Response empty_response(int status);         // 204, 303 …
[[nodiscard]] std::string_view reason_phrase(int status);  // "Not Found"

// Whether it may be sent as it is: names of token characters, values without controls but tabs.
[[nodiscard]] bool is_sendable(const Response& response);

}  // namespace twinlock::http

#endif
