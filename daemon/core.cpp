// SPDX-License-Identifier: MIT
#include "daemon/core.h"

#include <unistd.h>

#include <array>
#include <string>
#include <utility>

namespace twinlock {
namespace {

constexpr const char* kActor = "twinlockd";

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

LoginSettings login_settings(const Settings& settings) {
  return {settings.rules,
          {settings.live_conversations, settings.conversations_per_hour},
          settings.conversation_lifetime,
          settings.totp_window};
}

}  // namespace

Core::Core(const Ground& ground,
           const Settings& settings,
           std::unique_ptr<CredentialKeyRing> key_ring,
           std::unique_ptr<SqliteStore> opened_store)
    : log(ground.log),
      clock(ground.clock),
      alerts(ground.alerts),
      started(ground.started),
      keys(std::move(key_ring)),
      store(std::move(opened_store)),
      store_ends(ground.guard, "the store's writing"),
      audit(*store, *keys, log),
      engine({*store, *store, *store, *store, directory, users_directory, *keys, clock, audit},
             login_settings(settings)),
      enrollment({*store, *store, *store, *keys, random, clock, audit},
                 settings.issuer.empty() ? host_name() : settings.issuer),
      administration({*store, *store, *store, *store, directory, clock, audit}),
      api_access({*store, random, clock, audit}),
      setting_groups({*store, clock, audit}),
      signing_keys({*store, random, clock, audit}),
      departures({*store, users_directory, clock, audit}, settings.keep_deleted_accounts),
      users({*store, *store, users_directory, random, clock, audit, {}}),
      methods({*store, *store, *keys, random, clock, audit}),
      tickets({*store, *store, random, clock, audit}) {
  enrollment.allow_self_service(settings.self_service);
}

void Core::configure(const Settings& fresh) {
  engine.configure(login_settings(fresh));
  enrollment.allow_self_service(fresh.self_service);
  departures.keep_for(fresh.keep_deleted_accounts);
}

void Core::record(AuditEventType type, const std::string& detail) {
  const auto now = clock.now();
  if (!now) return log.problem(Severity::Alert, "clock", now.error().detail);
  AuditEvent event{};
  event.time = now->wall;
  event.type = type;
  event.actor = kActor;
  event.detail = detail;
  const auto written = audit.write(event);
  if (!written) log.problem(Severity::Alert, "audit", written.error().detail);
}

}  // namespace twinlock
