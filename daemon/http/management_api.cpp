// SPDX-License-Identifier: MIT
#include "daemon/http/management_api.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/http/avatar_endpoint.h"
#include "daemon/http/description_endpoint.h"
#include "daemon/http/request_record.h"
#include "daemon/http/tenant.h"

namespace twinlock::http {

ManagementApi::ManagementApi(const Services& services, Options options)
    : options_(std::move(options)),
      audit_(services.audit),
      clock_(services.clock),
      factors_(services.administration, services.groups),
      phone_(services.groups, options_),
      push_(services.groups, options_),
      authenticators_(
          services.groups,
          [&enrolled = services.enrolled] { return enrolled.count_keys(); },
          options_),
      tenant_(services.groups),
      users_(services.users, options_.public_url + std::string{kAvatarPath}),
      methods_({services.methods,
                services.users,
                [&groups = services.groups] { return method_presentation(groups); },
                options_.host()}),
      enrollments_({services.methods,
                    services.tickets,
                    services.users,
                    [&groups = services.groups] { return method_presentation(groups); },
                    options_.public_url}),
      logs_(services.log, services.users, services.access, services.clock, options_),
      blocks_(services.administration, services.users, services.log, services.clock),
      clients_(services.access, services.audit, services.clock, options_),
      oauth_(services.access, services.keys, clients_, options_),
      bearer_(services.access, services.audit, services.clock) {}

std::vector<Route> ManagementApi::routes() {
  std::vector<Route> all;
  for (auto part : {factors_.routes(),
                    phone_.routes(),
                    push_.routes(),
                    authenticators_.routes(),
                    tenant_.routes(),
                    users_.routes(),
                    methods_.routes(),
                    enrollments_.routes(),
                    logs_.routes(),
                    blocks_.routes(),
                    oauth_.routes()}) {
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  for (auto& route : all) {
    if (route.access == Access::Token && is_write(route.method)) {
      route.handler = recorded(std::move(route.handler), audit_, clock_);
    }
  }
  all.push_back(description_route());
  all.push_back(avatar_route());
  return all;
}

}  // namespace twinlock::http
