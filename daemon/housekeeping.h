// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HOUSEKEEPING_H
#define TWINLOCK_DAEMON_HOUSEKEEPING_H

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "daemon/domain/audit_trail.h"
#include "daemon/domain/audit_watch.h"
#include "daemon/domain/clock_watch.h"
#include "daemon/domain/conversation_engine.h"
#include "daemon/domain/departures.h"
#include "daemon/domain/pending_alerts.h"
#include "daemon/ports/clock.h"
#include "daemon/ports/event_log.h"
#include "daemon/ports/store.h"
#include "daemon/watchdog.h"

namespace twinlock {

// What has to be done now and then, on a thread of its own, never in the way of a login: each piece
// is one short transaction, with a pause behind it.
//
// In every process of a store:
//
// * every few seconds the latest time is stored (S90), which also shows that the store still
//   writes; with every interface alive too, the watchdog is fed (watchdog.h)
// * after a start and a reload, secrets under a retired key are sealed anew (S118), and a key that
//   is missing while something names it is reported (S135)
// * what has to be seen (S129) is recorded, as soon as the store can take it
//
// In the one that is on duty (HousekeepingStore::is_on_duty()), and in the next one once it ends:
//
// * every minute what has had its time is ended, with a record, or deleted
// * after a start, an hour later, then every six hours, and after a reload, the accounts of all
//   owners are looked for, one at a time (S148)
// * every hour the head of the audit log goes to the journal, where truncation can't reach it
// (S127)
// * after a start, and then every day, the audit log is verified (S127)
// * a clock that can't be right is told (S90)
class Housekeeping {
 public:
  struct Ports {
    HousekeepingStore& store;
    AuditStore& audit;
    ConversationEngine& engine;
    Departures& departures;
    KeyRing& keys;
    Clock& clock;
    EventLog& log;
    AuditTrail& trail;
    PendingAlerts& alerts;
  };

  // `pulses`: of all that this process serves, for the watchdog.
  Housekeeping(const Ports& ports, std::function<std::vector<Pulse>()> pulses);
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;
  ~Housekeeping();  // when the piece at hand is done

  // From any thread, after a reload: does at once what is done after a start.
  void begin_again();

 private:
  void work();
  // Waits; false when it is time to end.
  bool pause(std::chrono::milliseconds length);
  // The same between two pieces of a long work, for which the watchdog doesn't wait.
  bool rest();
  bool store_the_time();
  void do_duty(bool beginning);
  void write_alerts();
  void end_abandoned();
  void purge();
  // Some of them; the rest waits for the next time, so that the watchdog doesn't.
  void look_for_departures();
  void reseal_everything();
  void report_missing_keys();
  void publish_audit_head();
  // Some of it, as look_for_departures().
  void verify_audit_log();
  void feed_watchdog(bool store_answered);

  Ports ports_;
  Watchdog watchdog_;
  std::chrono::steady_clock::time_point fed_;
  ClockWatch clock_watch_;
  AuditWatch audit_watch_;
  bool on_duty_ = false;
  std::chrono::steady_clock::time_point purged_;
  std::chrono::steady_clock::time_point published_;
  std::chrono::steady_clock::time_point next_departures_;
  bool departures_reported_ = false;  // that they can't be seen, once a round
  std::mutex mutex_;                  // guards the three below
  std::condition_variable changed_;
  bool ending_ = false;
  bool beginning_ = true;
  std::thread thread_;  // last: it uses the others
};

}  // namespace twinlock

#endif
