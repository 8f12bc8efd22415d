// SPDX-License-Identifier: MIT
#include "daemon/http_interface.h"

#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace twinlock {

namespace {

// Without a public name only this host's own names are answered, and links have one of them.
std::string public_url(const http::ServerSettings& settings) {
  if (settings.public_url) return settings.public_url->text();
  const auto port = settings.listen.empty() ? std::uint16_t{0} : settings.listen.front().port;
  return (settings.has_tls() ? "https://localhost:" : "http://localhost:") + std::to_string(port);
}

http::Options options_of(const Settings& settings) {
  return {.public_url = public_url(settings.http),
          .provider_secrets = settings.plain_provider_secrets ? http::ProviderSecrets::Plain
                                                              : http::ProviderSecrets::Masked};
}

}  // namespace

HttpInterface::HttpInterface(Core& core, const Settings& settings, Beside beside)
    : core_(core),
      beside_(beside),
      health_(*core.store),
      api_({.administration = core.administration,
            .users = core.users,
            .methods = core.methods,
            .tickets = core.tickets,
            .groups = core.setting_groups,
            .access = core.api_access,
            .keys = core.signing_keys,
            .audit = core.audit,
            .log = *core.store,
            .clock = core.clock,
            .enrolled = *core.store},
           options_of(settings)),
      server_(
          make_router(), &api_.access_check(), {core.clock, core.log, core.random}, settings.http) {
}

// Every folder of endpoints adds its rows here.
http::Router HttpInterface::make_router() {
  std::vector<http::Route> all;
  const auto add = [&all](std::vector<http::Route> routes) {
    all.insert(
        all.end(), std::make_move_iterator(routes.begin()), std::make_move_iterator(routes.end()));
  };
  add(health_.routes());
  add(api_.routes());
  return http::Router(std::move(all));
}

Interface::End HttpInterface::run(const Ending& ending) {
  server_.run(ending);
  return End::Asked;
}

void HttpInterface::stop(const Ending& ending) {
  ending("the loops of the HTTP listener");
  server_.stop();
}

// A certificate that is no good leaves the one in use, and everything else of the table (S147).
void HttpInterface::configure(const Settings& fresh) {
  if (const auto taken = server_.configure(fresh.http); !taken) {
    core_.log.problem(Severity::Alert, "http", taken.error().detail);
  }
}

std::vector<Pulse> HttpInterface::pulses() const {
  Pulse pulse{.loop = "the HTTP listener", .rounds = server_.rounds(), .may_pause = {}};
  if (beside_ == Beside::Logins) {
    pulse.may_pause =
        "REST and pages are not answered, something holds their loop up; logins on this host go "
        "on. A restart ends it";
  }
  return {pulse};
}

}  // namespace twinlock
