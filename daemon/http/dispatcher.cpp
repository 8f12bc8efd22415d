// SPDX-License-Identifier: MIT
#include "daemon/http/dispatcher.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <utility>
#include <variant>

#include "daemon/http/cors.h"
#include "daemon/http/errors.h"
#include "daemon/http/host_check.h"
#include "daemon/http/source.h"

namespace twinlock::http {
namespace {

// In the words of the form that `target` has (§1.4 of the contract).
Response refusal_of(const std::string& target, const RequestGuard::Refusal& why) {
  using Place = RequestGuard::Place;
  if (why.status == 503) return unavailable(target);
  const Finding finding{"It is no percent-encoded UTF-8", {}, {}};
  if (target.starts_with("/api/")) {
    if (why.place == Place::Path) return path_error(finding);
    if (why.place == Place::Query) return query_error(finding);
  }
  const std::string reason = why.reason;
  return refusal(target, why.status, why.status == 400 ? "Bad Request: " + reason : "");
}

// Queries are logged by proxies and kept by browsers; a ticket's link is what it is (S63).
bool has_secret_in_query(const Request& request) {
  constexpr std::array<std::string_view, 5> kSecrets{
      "access_token", "mfa_token", "refresh_token", "client_secret", "client_assertion"};
  return std::any_of(kSecrets.begin(), kSecrets.end(), [&request](std::string_view name) {
    return request.query_value(name).has_value();
  });
}

// AuthHero's clients say which tenant they mean (C12); ours has the public name without its port.
bool is_our_tenant(const Request& request, const ServerSettings& settings) {
  const auto tenant = request.header("tenant-id");
  return !tenant ||
         is_same_name(*tenant, settings.public_url ? settings.public_url->host : "localhost");
}

std::string epoch_seconds(WallTime time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time.time_since_epoch());
  return std::to_string(seconds.count());
}

void add_allowance(const Allowance& allowance, Response& response) {  // C18
  response.add_header("X-RateLimit-Limit", std::to_string(allowance.limit));
  response.add_header("X-RateLimit-Remaining", std::to_string(allowance.remaining));
  response.add_header("X-RateLimit-Reset", epoch_seconds(allowance.full_at));
}

Response too_many(const std::string& target, std::chrono::seconds wait) {  // C19, C20
  const bool is_management = target.starts_with("/api/");
  auto response = refusal(target,
                          429,
                          is_management ? "Global limit has been reached"
                                        : "Too many requests. Check the X-RateLimit-Limit, "
                                          "X-RateLimit-Remaining and X-RateLimit-Reset headers.");
  response.add_header("Retry-After", std::to_string(wait.count()));
  return response;
}

// RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(WallTime time) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(),
                text.size(),
                "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays.at(static_cast<std::size_t>(parts.tm_wday)),
                parts.tm_mday,
                kMonths.at(static_cast<std::size_t>(parts.tm_mon)),
                parts.tm_year + 1900,
                parts.tm_hour,
                parts.tm_min,
                parts.tm_sec);
  return text.data();
}

// S60. Strict-Transport-Security tells a browser nothing over plain HTTP (RFC 6797 §7.2).
void add_safety(bool is_tls, Response& response) {
  response.add_header("X-Content-Type-Options", "nosniff");
  response.add_header("Cache-Control",
                      response.is_immutable ? "public, max-age=31536000, immutable" : "no-store");
  if (is_tls) response.add_header("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace

Dispatcher::Dispatcher(
    Router router, AccessCheck* access, Clock& clock, EventLog& log, const ServerSettings& settings)
    : router_(std::move(router)),
      access_(access),
      clock_(clock),
      log_(log),
      limits_(settings.rates),
      settings_(std::make_shared<const ServerSettings>(settings)) {}

void Dispatcher::configure(const ServerSettings& settings) {
  limits_.configure(settings.rates);
  auto fresh = std::make_shared<const ServerSettings>(settings);
  const std::scoped_lock lock(mutex_);
  settings_ = std::move(fresh);
}

Dispatcher::SettingsRef Dispatcher::settings() const {
  const std::scoped_lock lock(mutex_);
  return settings_;
}

std::size_t Dispatcher::body_limit(Method method, const std::vector<std::string>& segments) const {
  const auto match = router_.find(method, segments);
  const bool is_bulk = match.route != nullptr && match.route->body == BodySize::Bulk;
  return is_bulk ? kMaxBulkBody : kMaxBody;
}

bool Dispatcher::is_search(const Request& request) const {
  const auto match = router_.find(request.method, request.segments);
  return match.route != nullptr && match.route->cost == Cost::Search;
}

void Dispatcher::add_common(bool is_tls, Response& response) const {
  if (const auto now = clock_.now()) response.add_header("Date", http_date(now->wall));
  add_safety(is_tls, response);
}

Response Dispatcher::answer(Request& request, const ListenAddress& listener) {
  const auto settings = this->settings();
  request.client = client_address(request.client, request.headers, settings->proxies);
  auto response = attempt(request, "on its way", [this, &request, &listener, &settings] {
    return route(request, listener, *settings);
  });
  add_cors_headers(request, settings->cors_origins, response);
  add_common(request.is_tls, response);
  return checked(std::move(response), request);
}

Response Dispatcher::refuse(const std::string& target,
                            const RequestGuard::Refusal& why,
                            bool is_tls) const {
  auto response = refusal_of(target, why);
  add_common(is_tls, response);
  return response;
}

// S59: what would split the response is a bug of ours, and is told as one.
Response Dispatcher::checked(Response response, const Request& request) {
  if (is_sendable(response)) return response;
  log_.problem(
      Severity::Warning, "http", "request " + request.id + ": a header with a control in it");
  auto plain = internal_error(request.target, request.id);
  add_common(request.is_tls, plain);
  return plain;
}

Response Dispatcher::route(Request& request,
                           const ListenAddress& listener,
                           const ServerSettings& settings) {
  const auto host = request.header("Host").value_or("");
  if (!is_our_host(host, settings.public_url, listener, request.is_tls)) {
    return refusal(request.target, 421, "This name is not served here");
  }
  if (has_secret_in_query(request)) {
    return refusal(request.target, 400, "Tokens and secrets are not accepted in the query");
  }
  if (!is_our_tenant(request, settings)) return refusal(request.target, 404);
  auto match = router_.find(request.method, request.segments);
  if (match.route == nullptr) return unserved(request, match.allowed, settings);
  request.parameters = std::move(match.parameters);
  return serve(request, *match.route);
}

Response Dispatcher::serve(Request& request, const Route& route) {
  const auto now = clock_.now();
  if (!now) return unavailable(request.target);
  std::optional<Allowance> allowance;
  auto refused = admit(request, route, *now, allowance);
  auto response = refused ? *std::move(refused) : handled(request, route);
  limits_.count(response.mark, source_of(request.client), *now);
  if (allowance) add_allowance(*allowance, response);
  return response;
}

Response Dispatcher::handled(const Request& request, const Route& route) {
  auto response = attempt(request, route.id, [&request, &route] { return route.handler(request); });
  constexpr int kFirstRefusal = 400;
  if (route.rate == RateClass::Tickets && response.status >= kFirstRefusal) {
    limits_.put_back_ticket(request.caller.client_id);
  }
  return response;
}

// Where there is no route, the call counts for its source (C18).
Response Dispatcher::unserved(const Request& request,
                              const std::string& allowed,
                              const ServerSettings& settings) {
  if (!allowed.empty() && is_preflight(request) &&
      is_allowed_origin(request, settings.cors_origins)) {
    return preflight_response(allowed);
  }
  auto response = refusal(request.target, allowed.empty() ? 404 : 405);
  if (!allowed.empty()) response.add_header("Allow", allowed);
  const auto now = clock_.now();
  if (!now || !request.target.starts_with("/api/")) return response;
  const auto drawn = limits_.draw(RateClass::Management,
                                  is_write(request.method),
                                  {.source = source_of(request.client), .client = {}},
                                  *now);
  if (drawn.retry_after) response = too_many(request.target, *drawn.retry_after);
  add_allowance(drawn, response);
  return response;
}

// Nothing if the handler may be called.
std::optional<Response> Dispatcher::admit(Request& request,
                                          const Route& route,
                                          const Instant& now,
                                          std::optional<Allowance>& allowance) {
  const auto source = source_of(request.client);
  const auto held = limits_.held(route.rate, source, now);
  std::optional<Response> refused;
  if (route.access == Access::Token) {
    if (access_ == nullptr) return unavailable(request.target);
    auto admission = access_->admit(request, route);
    if (auto* caller = std::get_if<Caller>(&admission)) {
      request.caller = std::move(*caller);
    } else {
      refused = std::get<Response>(std::move(admission));
    }
  }
  // A good token is no guess: whoever shares an address with one that guesses isn't locked out.
  if (held && request.caller.client_id.empty()) {
    if (access_ != nullptr) access_->limited(request);
    allowance = Allowance{kFailedAuthenticationsPerMinute, 0, now.wall + *held, held};
    return too_many(request.target, *held);
  }
  if (route.rate == RateClass::None) return refused;
  allowance =
      limits_.draw(route.rate, is_write(request.method), {source, request.caller.client_id}, now);
  if (!allowance->retry_after || refused) return refused;
  if (access_ != nullptr) access_->limited(request);
  return too_many(request.target, *allowance->retry_after);
}

// S58, S142: whatever is thrown ends this request and no other, and is told to the log alone.
Response Dispatcher::attempt(const Request& request,
                             const std::string& where,
                             const std::function<Response()>& work) {
  const auto place = "request " + request.id + ", " + where;
  try {
    return work();
  } catch (const std::exception& error) {
    log_.problem(Severity::Warning, "http", place + ": " + error.what());
  } catch (...) {
    log_.problem(Severity::Warning, "http", place + ": something was thrown");
  }
  return internal_error(request.target, request.id);
}

}  // namespace twinlock::http
