// SPDX-License-Identifier: MIT
#include "daemon/housekeeping.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/counted.h"
#include "common/encoding.h"
#include "daemon/store/key_uses.h"
#include "daemon/system/service_manager.h"

namespace twinlock {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kLongestBeat = 10s;
constexpr auto kPurgeEvery = 60s;
constexpr auto kHeadEvery = 1h;
constexpr auto kDeparturesAgain = 1h;  // the first round purges nobody
constexpr auto kDeparturesEvery = 6h;
constexpr auto kLongestLook = 1s;  // for accounts, and at the audit log, at a time
constexpr int kBatch = 100;        // rows a transaction, so that no login waits for more (S4)
constexpr int kEndedAtOnce = 10;   // conversations
constexpr auto kBetweenBatches = 20ms;
constexpr auto kStoreDeadline = 2s;

// The watchdog wants to be fed well within its time.
std::chrono::milliseconds beat() {
  const auto limit = service_manager::watchdog_interval();
  if (!limit) return kLongestBeat;
  const auto third = std::chrono::duration_cast<std::chrono::milliseconds>(*limit / 3);
  return std::min<std::chrono::milliseconds>(third, kLongestBeat);
}

}  // namespace

Housekeeping::Housekeeping(const Ports& ports, std::function<std::vector<Pulse>()> pulses)
    : ports_(ports),
      watchdog_(std::move(pulses), ports.log, service_manager::feed_watchdog),
      clock_watch_(ports.log, ports.alerts),
      audit_watch_(ports.audit, ports.log, ports.alerts),
      thread_([this] { work(); }) {}

Housekeeping::~Housekeeping() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Housekeeping::begin_again() {
  {
    const std::lock_guard lock(mutex_);
    beginning_ = true;
  }
  changed_.notify_all();
}

bool Housekeeping::pause(std::chrono::milliseconds length) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, length, [this] { return ending_ || beginning_; });
  return !ending_;
}

bool Housekeeping::rest() {
  if (Steady::now() - fed_ >= beat()) feed_watchdog(store_the_time());
  return pause(kBetweenBatches);
}

void Housekeeping::work() {
  do {
    bool beginning = false;
    {
      const std::lock_guard lock(mutex_);
      beginning = std::exchange(beginning_, false);
    }
    feed_watchdog(store_the_time());
    if (beginning) {
      // Each process after its own reload: what it has read anew is its own.
      reseal_everything();
      report_missing_keys();
    }
    if (ports_.store.is_on_duty()) do_duty(beginning);
    write_alerts();
  } while (pause(beat()));
  write_alerts();
}

// What one process does for all. `beginning`: as after a start; so is the first time.
void Housekeeping::do_duty(bool beginning) {
  const auto now = Steady::now();
  if (!std::exchange(on_duty_, true)) {
    beginning = true;
    purged_ = published_ = now;
  }
  if (beginning) next_departures_ = now;
  if (now - purged_ >= kPurgeEvery) {
    end_abandoned();
    purge();
    purged_ = now;
  }
  if (now >= next_departures_) look_for_departures();
  if (now - published_ >= kHeadEvery) {
    publish_audit_head();
    published_ = now;
  }
  verify_audit_log();
}

void Housekeeping::write_alerts() {
  ports_.alerts.forget_those_told(ports_.audit);
  ports_.alerts.write_to(ports_.trail);
}

bool Housekeeping::store_the_time() {
  const auto now = ports_.clock.now();
  if (!now) return false;
  const auto started = Steady::now();
  const auto latest = ports_.store.raise_latest_time(now->wall);
  if (!latest) {
    ports_.log.problem(Severity::Warning, "store", latest.error().detail);
  } else if (on_duty_) {
    clock_watch_.compare(now->wall, *latest);
  }
  if (on_duty_) clock_watch_.look_for_jump(*now);
  // A full disk is an answer, and a restart would not make room; only silence is none.
  return Steady::now() - started < kStoreDeadline;
}

void Housekeeping::feed_watchdog(bool store_answered) {
  fed_ = Steady::now();
  watchdog_.look(store_answered);
}

// Before they are deleted, and a few at a time: each is two writes, between which logins have
// theirs.
void Housekeeping::end_abandoned() {
  for (;;) {
    const auto ended = ports_.engine.end_abandoned(kEndedAtOnce);
    if (!ended) return ports_.log.problem(Severity::Warning, "expiry", ended.error().detail);
    if (*ended < kEndedAtOnce || !rest()) return;
  }
}

void Housekeeping::purge() {
  for (;;) {
    const auto now = ports_.clock.now();
    if (!now) return;
    const auto deleted = ports_.store.purge(now->wall, kBatch);
    if (!deleted) return ports_.log.problem(Severity::Warning, "purge", deleted.error().detail);
    if (*deleted < kBatch || !rest()) return;
  }
}

void Housekeeping::look_for_departures() {
  const auto until = Steady::now() + kLongestLook;
  while (Steady::now() < until) {
    const auto looked = ports_.departures.look_on(kBatch);
    if (!looked && !std::exchange(departures_reported_, true)) {
      ports_.log.problem(Severity::Warning, "accounts", looked.error().detail);
    }
    if (looked && *looked != Departures::Round::GoesOn) {
      const bool first = *looked == Departures::Round::FirstDone;
      next_departures_ = Steady::now() + (first ? kDeparturesAgain : kDeparturesEvery);
      departures_reported_ = false;
      return;
    }
    if (!rest()) return;
  }
}

void Housekeeping::reseal_everything() {
  for (int total = 0;;) {
    const auto sealed = ports_.store.reseal(kBatch);
    if (!sealed) return ports_.log.problem(Severity::Warning, "reseal", sealed.error().detail);
    total += *sealed;
    if (*sealed == 0) {
      if (total > 0) {
        ports_.log.problem(Severity::Notice,
                           "reseal",
                           "sealed under the current key now: " + counted(total, "secret"));
      }
      return;
    }
    if (!rest()) return;
  }
}

// The start and a reload look at the current key alone: for what an old one has sealed, logins of
// everybody else don't wait.
void Housekeeping::report_missing_keys() {
  const auto uses = ports_.store.key_uses();
  if (!uses) return ports_.log.problem(Severity::Warning, "key", uses.error().detail);
  const auto keys = ports_.keys.keys();
  for (const auto& [key, use] : *uses) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    ports_.log.problem(Severity::Alert,
                       "key",
                       "master key " + std::to_string(key) + " is missing, and needed for " +
                           text_of(use) +
                           ": that part can't be used. Put its line back into the key file, above "
                           "the current key, and reload; see \"twinlockd list-keys\"");
  }
}

void Housekeeping::publish_audit_head() {
  AuditQuery newest;
  newest.newest = true;
  newest.limit = 1;
  const auto head = ports_.audit.read(newest);
  if (!head) return ports_.log.problem(Severity::Warning, "audit", head.error().detail);
  for (const auto& record : *head) {
    ports_.log.problem(Severity::Information,
                       "audit-head",
                       "record " + std::to_string(record.sequence) + " " + hex_encode(record.mac));
  }
}

void Housekeeping::verify_audit_log() {
  const auto until = Steady::now() + kLongestLook;
  while (Steady::now() < until) {
    const auto now = ports_.clock.now();
    if (!now || audit_watch_.look_on(*now) == AuditWatch::Round::Done) return;
    if (!rest()) return;
  }
}

}  // namespace twinlock
