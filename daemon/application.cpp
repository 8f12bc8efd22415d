// SPDX-License-Identifier: MIT
#include "daemon/application.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "common/encoding.h"
#include "daemon/bus_interface.h"
#include "daemon/core.h"
#include "daemon/housekeeping.h"
#include "daemon/http_interface.h"
#include "daemon/interface.h"
#include "daemon/report.h"
#include "daemon/system/process_hardening.h"
#include "daemon/system/service_manager.h"
#include "daemon/system/system_clock.h"

namespace twinlock {
namespace {

constexpr std::size_t kMaxRecordedDetail = 200;

// Without a choice: the bus, and HTTP where the settings speak of it.
Interfaces chosen_or_usual(const Interfaces& chosen, const Settings& settings) {
  return chosen.bus || chosen.http ? chosen : Interfaces{true, settings.has_http};
}

std::vector<Seat> seats_of(const Interfaces& interfaces) {
  std::vector<Seat> seats;
  if (interfaces.bus) seats.push_back(Seat::Bus);
  if (interfaces.http) seats.push_back(Seat::Http);
  return seats;
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
    const bool gave_up = alert == StoreAlert::Full;
    const auto now = clock.now();
    if ((!gave_up && alert != StoreAlert::NoRoom) || !now) return;
    // Only one process can give the reserve up; that nothing can be written, each finds.
    alerts.add(AuditEventType::StoreFull,
               Reason::None,
               now->wall,
               gave_up ? "the reserve was given up" : "nothing could be written",
               gave_up ? PendingAlerts::Seen::HereAlone : PendingAlerts::Seen::Everywhere);
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

// The core behind its interfaces, from the first call to the last.
class Daemon {
 public:
  Daemon(std::string settings_file,
         Settings settings,
         const Core::Ground& ground,
         std::unique_ptr<CredentialKeyRing> keys,
         std::unique_ptr<SqliteStore> store)
      : guard_(ground.guard),
        settings_file_(std::move(settings_file)),
        settings_(std::move(settings)),
        core_(ground, settings_, std::move(keys), std::move(store)) {}

  ExitCode run(const Interfaces& chosen, const sigset_t& signals);

 private:
  void make_interfaces(const Interfaces& chosen);
  [[nodiscard]] std::string names() const;
  [[nodiscard]] std::vector<Pulse> pulses() const;
  // Returns once all have ended; what was lost, if it was that.
  [[nodiscard]] const Interface* serve_all();
  void stop_all();
  void await(const char* what) { guard_.await(what); }
  void obey(const sigset_t& signals);
  void reload();
  [[nodiscard]] Status reload_keys();
  void reject(const char* what, const Error& why);

  StopGuard& guard_;
  const std::string settings_file_;
  const Settings settings_;
  Core core_;
  std::vector<std::unique_ptr<Interface>> interfaces_;
  Housekeeping* housekeeping_ = nullptr;  // while run() runs
};

void Daemon::make_interfaces(const Interfaces& chosen) {
  if (chosen.bus) interfaces_.push_back(std::make_unique<BusInterface>(core_, settings_));
  if (chosen.http) {
    using Beside = HttpInterface::Beside;
    interfaces_.push_back(std::make_unique<HttpInterface>(
        core_, settings_, chosen.bus ? Beside::Logins : Beside::Nothing));
  }
}

std::string Daemon::names() const {
  std::string names;
  for (const auto& one : interfaces_)
    names += (names.empty() ? "" : " and ") + std::string(one->name());
  return names;
}

std::vector<Pulse> Daemon::pulses() const {
  std::vector<Pulse> all;
  for (const auto& one : interfaces_) {
    for (auto& pulse : one->pulses()) all.push_back(std::move(pulse));
  }
  return all;
}

// What runs goes on as it was, settings and keys (S147); the whole text is in the journal, the
// record has its first line.
void Daemon::reject(const char* what, const Error& why) {
  const auto lines = lines_of(why.detail);
  for (const auto line : lines) core_.log.problem(Severity::Alert, what, line);
  core_.record(AuditEventType::ConfigurationRejected, printable(lines.front(), kMaxRecordedDetail));
  service_manager::ready();
}

// A key that was there and is needed must not go (S117): what it sealed would be lost.
Status Daemon::reload_keys() {
  const auto uses = core_.store->key_uses();
  if (!uses) return uses.error();
  std::vector<KeyId> needed;
  for (const auto& [key, use] : *uses) needed.push_back(key);
  return core_.keys->reload(needed);
}

void Daemon::reload() {
  service_manager::reloading();
  const auto fresh = load_settings(settings_file_);
  if (!fresh) return reject("settings", fresh.error());
  const auto key_before = core_.keys->keys().front();
  if (const auto read = reload_keys(); !read) return reject("key", read.error());
  for (const auto& key : keys_needing_restart(settings_, *fresh)) {
    core_.log.problem(Severity::Warning, "settings", key + " has changed; a restart will use it");
  }
  core_.configure(*fresh);
  for (const auto& one : interfaces_) one->configure(*fresh);
  housekeeping_->begin_again();
  if (const auto key = core_.keys->keys().front(); key != key_before) {
    core_.record(AuditEventType::KeyRotated,
                 "key " + std::to_string(key_before) + " to " + std::to_string(key));
  }
  core_.record(AuditEventType::ConfigurationReloaded, settings_file_);
  service_manager::ready();
}

void Daemon::stop_all() {
  for (const auto& one : interfaces_) one->stop([this](const char* what) { await(what); });
}

void Daemon::obey(const sigset_t& signals) {
  for (;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0) continue;
    if (number == SIGHUP) {
      reload();
    } else {
      return stop_all();  // SIGUSR1 is run()'s own, when an interface went first
    }
  }
}

const Interface* Daemon::serve_all() {
  std::atomic<const Interface*> lost = nullptr;
  const auto serve_one = [this, &lost](Interface& one) {
    if (one.run([this](const char* what) { await(what); }) != Interface::End::Lost) return;
    const Interface* nobody = nullptr;
    if (lost.compare_exchange_strong(nobody, &one) && interfaces_.size() > 1) stop_all();
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < interfaces_.size(); ++i) {
    others.emplace_back([&serve_one, &one = *interfaces_[i]] { serve_one(one); });
  }
  serve_one(*interfaces_.front());
  for (auto& other : others) other.join();
  return lost;
}

ExitCode Daemon::run(const Interfaces& chosen, const sigset_t& signals) {
  make_interfaces(chosen);
  for (const auto& one : interfaces_) {
    if (const auto opened = one->open(); !opened) return report(one->unusable(), opened.error());
  }
  Housekeeping housekeeping({*core_.store,
                             *core_.store,
                             core_.engine,
                             core_.departures,
                             *core_.keys,
                             core_.clock,
                             core_.log,
                             core_.audit,
                             core_.alerts},
                            [this] { return pulses(); });
  housekeeping_ = &housekeeping;
  core_.record(AuditEventType::DaemonStarted,
               std::string("version ") + kVersion + ", for " + names());
  std::thread obedience([this, &signals] { obey(signals); });
  service_manager::ready();

  const auto* const lost = serve_all();

  service_manager::stopping();
  guard_.await("a reload");
  pthread_kill(obedience.native_handle(), SIGUSR1);
  obedience.join();
  guard_.await("the last record");
  core_.record(AuditEventType::DaemonStopped,
               lost != nullptr ? std::string(lost->name()) + " was lost" : "asked to");
  guard_.await("housekeeping");
  return lost != nullptr ? lost->lost() : ExitCode::Done;
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

ExitCode serve(const std::string& settings_file, const Interfaces& wanted) {
  const auto signals = block_signals();
  if (const auto hardened = harden_process(); !hardened) {
    return report(ExitCode::Bug, hardened.error());
  }
  auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());

  const auto interfaces = chosen_or_usual(wanted, *settings);
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
  auto store = SqliteStore::open({.directory = settings->store_directory,
                                  .seats = seats_of(interfaces),
                                  .creation = Creation::Refused},
                                 *ring,
                                 alerts_to(log, clock, alerts));
  if (!store) return report(ExitCode::StoreUnusable, store.error());

  StopGuard guard(end_now);
  Daemon daemon(settings_file,
                *std::move(settings),
                {log, clock, alerts, guard, now->wall},
                std::move(ring),
                *std::move(store));
  return daemon.run(interfaces, signals);
}

}  // namespace twinlock
