// SPDX-License-Identifier: MIT
#include "daemon/application.h"

#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>

#include "common/encoding.h"
#include "daemon/dbus/bus_server.h"
#include "daemon/domain/administration.h"
#include "daemon/domain/audit_trail.h"
#include "daemon/domain/conversation_engine.h"
#include "daemon/domain/departures.h"
#include "daemon/domain/enrollment.h"
#include "daemon/domain/pending_alerts.h"
#include "daemon/housekeeping.h"
#include "daemon/report.h"
#include "daemon/stop_guard.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/system/credential_key_ring.h"
#include "daemon/system/getrandom_source.h"
#include "daemon/system/journal.h"
#include "daemon/system/nss_directory.h"
#include "daemon/system/process_hardening.h"
#include "daemon/system/service_manager.h"
#include "daemon/system/system_clock.h"

namespace twinlock {
namespace {

constexpr const char* kActor = "twinlockd";
constexpr std::size_t kMaxRecordedDetail = 200;

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

// Past the journal, which has a thread of its own, and whatever else could hold us up.
void end_now(const std::string& why) {
  const auto line = "twinlockd: " + why + '\n';
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
  _exit(static_cast<int>(ExitCode::Stuck));
}

// To the journal at once, whatever the store can take; a full disk to the audit log as well.
StoreAlertSink alerts_to(EventLog& log, Clock& clock, PendingAlerts& alerts) {
  return [&log, &clock, &alerts](StoreAlert alert, const std::string& text) {
    log.problem(alert == StoreAlert::Notice ? Severity::Notice : Severity::Alert, "store", text);
    const bool is_full = alert == StoreAlert::Full || alert == StoreAlert::NoRoom;
    const auto now = clock.now();
    if (!is_full || !now) return;
    alerts.add(AuditEventType::StoreFull,
               Reason::None,
               now->wall,
               alert == StoreAlert::Full ? "the reserve was given up" : "nothing could be written");
  };
}

// Signals are taken by one thread that waits for them; every other thread has them blocked, which
// is inherited, so this comes before the first one starts.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A reader of our standard error that goes away is no reason to die.
  static_cast<void>(signal(SIGPIPE, SIG_IGN));
  return signals;
}

// Everything that stands between the ports of this machine and the bus.
class Daemon {
 public:
  Daemon(std::string settings_file,
         Settings settings,
         std::unique_ptr<CredentialKeyRing> keys,
         std::unique_ptr<SqliteStore> store,
         Journal& log,
         Clock& clock,
         PendingAlerts& alerts,
         StopGuard& guard,
         WallTime started)
      : guard_(guard),
        settings_file_(std::move(settings_file)),
        settings_(std::move(settings)),
        keys_(std::move(keys)),
        store_(std::move(store)),
        log_(log),
        clock_(clock),
        alerts_(alerts),
        audit_(*store_, *keys_, log_),
        engine_({*store_,
                 *store_,
                 *store_,
                 *store_,
                 directory_,
                 users_directory_,
                 *keys_,
                 clock_,
                 audit_},
                login_settings(settings_)),
        enrollment_({*store_, *store_, *store_, *keys_, random_, clock_, audit_},
                    settings_.issuer.empty() ? host_name() : settings_.issuer),
        administration_({*store_, *store_, *store_, *store_, directory_, clock_, audit_}),
        departures_({*store_, users_directory_, clock_, audit_}, settings_.keep_deleted_accounts),
        server_({engine_,
                 enrollment_,
                 administration_,
                 *store_,
                 users_directory_,
                 clock_,
                 log_,
                 kVersion,
                 started},
                settings_.calls) {
    enrollment_.allow_self_service(settings_.self_service);
  }

  ExitCode run(const sigset_t& signals);

 private:
  void obey(const sigset_t& signals);
  void reload();
  [[nodiscard]] Status reload_keys();
  void reject(const char* what, const Error& why);
  void record(AuditEventType type, const std::string& detail);

  StopGuard& guard_;
  const std::string settings_file_;
  Settings settings_;
  std::unique_ptr<CredentialKeyRing> keys_;
  std::unique_ptr<SqliteStore> store_;
  const StopGuard::Announcement store_ends_{guard_, "the store's writing"};
  Journal& log_;
  Clock& clock_;
  PendingAlerts& alerts_;
  GetrandomSource random_;
  NssDirectory directory_;  // for logins and for administrators
  NssDirectory users_directory_{NssDirectory::kForOthers};
  AuditTrail audit_;
  ConversationEngine engine_;
  Enrollment enrollment_;
  Administration administration_;
  Departures departures_;
  dbus::BusServer server_;
  Housekeeping* housekeeping_ = nullptr;  // while run() runs
};

void Daemon::record(AuditEventType type, const std::string& detail) {
  const auto now = clock_.now();
  if (!now) return log_.problem(Severity::Alert, "clock", now.error().detail);
  AuditEvent event{};
  event.time = now->wall;
  event.type = type;
  event.actor = kActor;
  event.detail = detail;
  const auto written = audit_.write(event);
  if (!written) log_.problem(Severity::Alert, "audit", written.error().detail);
}

// What runs goes on as it was, settings and keys (S147); the whole text is in the journal, the
// record has its first line.
void Daemon::reject(const char* what, const Error& why) {
  const auto lines = lines_of(why.detail);
  for (const auto line : lines) log_.problem(Severity::Alert, what, line);
  record(AuditEventType::ConfigurationRejected, printable(lines.front(), kMaxRecordedDetail));
  service_manager::ready();
}

// A key that was there and is needed must not go (S117): what it sealed would be lost.
Status Daemon::reload_keys() {
  const auto uses = store_->key_uses();
  if (!uses) return uses.error();
  std::vector<KeyId> needed;
  for (const auto& [key, use] : *uses) needed.push_back(key);
  return keys_->reload(needed);
}

void Daemon::reload() {
  service_manager::reloading();
  const auto fresh = load_settings(settings_file_);
  if (!fresh) return reject("settings", fresh.error());
  const auto key_before = keys_->keys().front();
  if (const auto read = reload_keys(); !read) return reject("key", read.error());
  for (const auto& key : keys_needing_restart(settings_, *fresh)) {
    log_.problem(Severity::Warning, "settings", key + " has changed; a restart will use it");
  }
  engine_.configure(login_settings(*fresh));
  enrollment_.allow_self_service(fresh->self_service);
  departures_.keep_for(fresh->keep_deleted_accounts);
  server_.configure(fresh->calls);
  housekeeping_->begin_again();
  if (const auto key = keys_->keys().front(); key != key_before) {
    record(AuditEventType::KeyRotated,
           "key " + std::to_string(key_before) + " to " + std::to_string(key));
  }
  record(AuditEventType::ConfigurationReloaded, settings_file_);
  service_manager::ready();
}

void Daemon::obey(const sigset_t& signals) {
  for (;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0) continue;
    if (number == SIGHUP) {
      reload();
    } else {
      guard_.await("the loop of root's calls");
      return server_.stop();  // SIGUSR1 is run()'s own, when the bus went first
    }
  }
}

ExitCode Daemon::run(const sigset_t& signals) {
  if (const auto opened = server_.open(); !opened) {
    return report(ExitCode::BusUnusable, opened.error());
  }
  Housekeeping housekeeping(
      {*store_, *store_, engine_, departures_, *keys_, clock_, log_, audit_, alerts_}, [this] {
        const auto [root, anybody] = server_.rounds();
        return Housekeeping::Rounds{root, anybody};
      });
  housekeeping_ = &housekeeping;
  record(AuditEventType::DaemonStarted, std::string("version ") + kVersion);
  std::thread obedience([this, &signals] { obey(signals); });
  service_manager::ready();

  const auto end = server_.run([this](const char* what) { guard_.await(what); });

  service_manager::stopping();
  guard_.await("a reload");
  pthread_kill(obedience.native_handle(), SIGUSR1);
  obedience.join();
  guard_.await("the last record");
  const bool is_lost = end == dbus::BusServer::End::BusLost;
  record(AuditEventType::DaemonStopped, is_lost ? "the bus was lost" : "asked to");
  guard_.await("housekeeping");
  return is_lost ? ExitCode::BusLost : ExitCode::Done;
}

}  // namespace

std::string key_file_of(const Settings& settings) {
  if (!settings.key_file.empty()) return settings.key_file;
  if (const char* directory = secure_getenv("CREDENTIALS_DIRECTORY")) {
    auto credential = std::string(directory) + "/twinlock.master-key";
    if (access(credential.c_str(), F_OK) == 0) return credential;
  }
  return "/etc/twinlock/master.key";
}

ExitCode serve(const std::string& settings_file) {
  const auto signals = block_signals();
  if (const auto hardened = harden_process(); !hardened) {
    return report(ExitCode::Bug, hardened.error());
  }
  auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());

  dbus::choose_bus(settings->bus_address);
  Journal log;
  SystemClock clock;
  PendingAlerts alerts;
  const auto now = clock.now();
  if (!now) return report(ExitCode::Bug, now.error());
  auto keys = CredentialKeyRing::open(key_file_of(*settings), [&log](const std::string& text) {
    log.problem(Severity::Warning, "key", text);
  });
  if (!keys) return report(ExitCode::KeyUnusable, keys.error());
  auto ring = *std::move(keys);
  auto store =
      SqliteStore::open({.directory = settings->store_directory, .creation = Creation::Refused},
                        *ring,
                        alerts_to(log, clock, alerts));
  if (!store) return report(ExitCode::StoreUnusable, store.error());

  StopGuard guard(end_now);
  Daemon daemon(settings_file,
                *std::move(settings),
                std::move(ring),
                *std::move(store),
                log,
                clock,
                alerts,
                guard,
                now->wall);
  return daemon.run(signals);
}

}  // namespace twinlock
