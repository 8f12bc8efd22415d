// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_INTERFACE_H
#define TWINLOCK_DAEMON_HTTP_INTERFACE_H

#include "daemon/core.h"
#include "daemon/http/health_endpoints.h"
#include "daemon/http/management_api.h"
#include "daemon/http/server.h"
#include "daemon/interface.h"

namespace twinlock {

// REST and pages, over HTTPS or on loopback.
class HttpInterface final : public Interface {
 public:
  // Whether the same process decides logins, which a restart for our sake would disturb.
  enum class Beside { Nothing, Logins };

  HttpInterface(Core& core, const Settings& settings, Beside beside);

  [[nodiscard]] const char* name() const override { return "HTTP"; }
  [[nodiscard]] Status open() override { return server_.open(); }
  [[nodiscard]] ExitCode unusable() const override { return ExitCode::ListenerUnusable; }
  End run(const Ending& ending) override;
  [[nodiscard]] ExitCode lost() const override { return ExitCode::ListenerUnusable; }
  void stop(const Ending& ending) override;
  void configure(const Settings& fresh) override;
  [[nodiscard]] std::vector<Pulse> pulses() const override;

 private:
  [[nodiscard]] http::Router make_router();

  Core& core_;
  const Beside beside_;
  http::HealthEndpoints health_;
  http::ManagementApi api_;
  http::Server server_;
};

}  // namespace twinlock

#endif
