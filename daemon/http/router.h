// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_ROUTER_H
#define TWINLOCK_DAEMON_HTTP_ROUTER_H

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/http/message.h"

// The table of what is answered: literal segments, no regular expressions (S57). A folder of
// endpoints is a class whose `routes()` returns its rows; the application gives the rows of all of
// them to one Router:
//
//   std::vector<Route> GuardianEndpoints::routes() {
//     return {
//         {"G01", Method::Get, "/api/v2/guardian/factors", {"read:guardian_factors"},
//          [this](const Request& request) { return list_factors(request); }},
//         {"G03", Method::Put, "/api/v2/guardian/factors/{name}", {"update:guardian_factors"},
//          [this](const Request& request) { return set_factor(request); }},
//     };
//   }
//
// What a row leaves out is the strict choice: a token is needed, the management's rate, 64 KiB.
namespace twinlock::http {

// Called by many threads at once. May throw: the caller gets a 500 with the request's id and no
// more (S58).
using Handler = std::function<Response(const Request&)>;

enum class Access {
  Token,   // AccessCheck has to admit the caller; one of the route's scopes, if it has any
  Public,  // anybody: the handler itself authenticates, or there is nothing to protect
};

// Which buckets a call draws on, besides those of failures (§2.2 of the requirements, S69).
enum class RateClass {
  Management,  // per client, or per source without one; writes have a bucket of their own
  Tickets,     // Management, and 60 an hour per client
  Source,      // per source: /oauth, /mfa, pages
  Lookup,      // Source, and refused after 20 misses an hour: whoever looks up a ticket
  None,        // health
};

enum class BodySize {
  Ordinary,  // 64 KiB
  Bulk,      // 1 MiB: bulk import, templates
};

// What looks through much of the store has half of the workers, so that there is always one for the
// rest.
enum class Cost { Ordinary, Search };

struct Route {
  std::string id;  // in the contract: "G03"
  Method method;   // a GET serves HEAD too
  // Segments of text, or {name} for anything but an empty one. Text goes before a name. A slash at
  // the end is another path.
  std::string pattern;
  std::vector<std::string> scopes;  // the caller needs any of these; none: any good token
  Handler handler;
  Access access = Access::Token;
  RateClass rate = RateClass::Management;
  BodySize body = BodySize::Ordinary;
  Cost cost = Cost::Ordinary;
};

// Who calls, by the bearer token. Implemented in bearer.h. Any thread.
class AccessCheck {
 public:
  virtual ~AccessCheck() = default;
  // The caller if the request's token is good for `route`; else the 401, 403 or 503 to send. A 401
  // for a bad token has Mark::FailedAuthentication.
  [[nodiscard]] virtual std::variant<Caller, Response> admit(const Request& request,
                                                             const Route& route) = 0;
  // Told of a request that is refused for the number of them (S69).
  virtual void limited(const Request& request) = 0;
};

// What the table says about a path and a method.
struct Match {
  const Route* route = nullptr;   // nothing: see `allowed`
  std::vector<Field> parameters;  // by name, in the pattern's order
  std::string allowed;  // without a route: the methods of this path, "GET, PUT" (405); none: 404
};

// Fixed once made. Any thread.
class Router {
 public:
  // Throws std::logic_error for two rows of one method and pattern, or a pattern that isn't one.
  explicit Router(std::vector<Route> routes);
  Router(Router&&) noexcept;
  ~Router();

  [[nodiscard]] Match find(Method method, const std::vector<std::string>& segments) const;

  // Every row, as given: for the API's description and for tests over all routes.
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Node;

  void add(const Route& route);

  std::vector<Route> routes_;
  std::unique_ptr<Node> root_;
};

}  // namespace twinlock::http

#endif
