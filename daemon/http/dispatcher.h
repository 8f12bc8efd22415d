// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_DISPATCHER_H
#define TWINLOCK_DAEMON_HTTP_DISPATCHER_H

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/http/message.h"
#include "daemon/http/rate_limit.h"
#include "daemon/http/request_guard.h"
#include "daemon/http/router.h"
#include "daemon/http/settings.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/event_log.h"

namespace twinlock::http {

// From a complete request to its response: everything that holds for all routes, in the order in
// which it is asked.
//
//   is the Host ours? (S61) ─► no token in the query? (S63) ─► is the tenant ours? (C12) ─► is
//   there a route? (S57) ─► may its source? (§2.2) ─► who calls? (AccessCheck) ─► is there room in
//   its buckets? (S69) ─► the handler ─► what every response carries (S58 to S60, C18)
//
// Any thread.
class Dispatcher {
 public:
  // `access` may be missing where every route is public.
  Dispatcher(Router router,
             AccessCheck* access,
             Clock& clock,
             EventLog& log,
             const ServerSettings& settings);

  // `request` has everything but what the way to the handler fills in; its client is the peer, and
  // becomes the client behind listed proxies (S56). Doesn't throw but for lack of memory.
  [[nodiscard]] Response answer(Request& request, const ListenAddress& listener);

  // What the engine itself refuses, for a request that never was one: in the form of its target,
  // with what every response carries.
  [[nodiscard]] Response refuse(const std::string& target,
                                const RequestGuard::Refusal& why,
                                bool is_tls) const;

  // How long a body may be, before the rest is known.
  [[nodiscard]] std::size_t body_limit(Method method,
                                       const std::vector<std::string>& segments) const;

  // Whether the route of a request has Cost::Search.
  [[nodiscard]] bool is_search(const Request& request) const;

  // What can change while the listener runs: names, proxies, origins, rates.
  void configure(const ServerSettings& settings);

  [[nodiscard]] const Router& router() const { return router_; }

 private:
  using SettingsRef = std::shared_ptr<const ServerSettings>;

  [[nodiscard]] Response route(Request& request,
                               const ListenAddress& listener,
                               const ServerSettings& settings);
  [[nodiscard]] Response serve(Request& request, const Route& route);
  [[nodiscard]] Response handled(const Request& request, const Route& route);
  [[nodiscard]] Response unserved(const Request& request,
                                  const std::string& allowed,
                                  const ServerSettings& settings);
  [[nodiscard]] std::optional<Response> admit(Request& request,
                                              const Route& route,
                                              const Instant& now,
                                              std::optional<Allowance>& allowance);
  [[nodiscard]] Response attempt(const Request& request,
                                 const std::string& where,
                                 const std::function<Response()>& work);
  void add_common(bool is_tls, Response& response) const;
  [[nodiscard]] Response checked(Response response, const Request& request);
  [[nodiscard]] SettingsRef settings() const;

  Router router_;
  AccessCheck* access_;
  Clock& clock_;
  EventLog& log_;
  RateLimits limits_;
  mutable std::mutex mutex_;  // guards settings_
  SettingsRef settings_;      // shared with the requests that are being answered by it
};

}  // namespace twinlock::http

#endif
