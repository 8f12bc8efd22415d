// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_WRITER_H
#define TWINLOCK_DAEMON_STORE_WRITER_H

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "common/result.h"
#include "daemon/ports/key_ring.h"
#include "daemon/store/audit_chain.h"
#include "daemon/store/epoch_file.h"
#include "daemon/store/reserve_file.h"
#include "daemon/store/sqlite_database.h"
#include "daemon/store/store_health.h"

// The one connection that writes. Several writers with a busy time-out would starve each other; one
// with a queue commits for many at once (group commit): while a commit is being synced, requests
// queue up, and the next transaction takes all of them. No delay is ever added.
//
// It has no thread of its own. A caller that finds nobody writing leads: it writes its request in
// its own thread, and a lone login waits for no other thread to wake up. Whoever comes meanwhile
// queues. After one batch the leader makes the first that still waits the next one, who writes for
// all that queue by then.
//
// On a disk that hangs, the leader hangs with it: no program can call it back from there. Its
// client has a limit of its own; everybody else is told Unavailable in time.
namespace twinlock {

enum class Durability {
  Process,  // survives the end of the process; synced with the next one that is not
  Power,    // survives a power cut
};

// What one request may do within the transaction that it shares with others.
class WriteScope {
 public:
  WriteScope(sqlite::Database& connection, AuditChain& chain)
      : database(connection), chain_(chain) {}

  sqlite::Database& database;

  [[nodiscard]] Result<std::uint64_t> record(const AuditEvent& event) {
    return chain_.append(database, event);
  }
  void raise_latest_time(WallTime now) { chain_.raise_latest_time(now); }

  // Takes back whatever this request has written; its result is delivered all the same.
  template <typename T>
  T undo(T result) {
    undone_ = true;
    return result;
  }
  [[nodiscard]] bool is_undone() const { return undone_; }

  // Writes the second file anew right after the commit, even if it says what it said: under a new
  // key.
  void renew_epoch() { renews_epoch_ = true; }
  [[nodiscard]] bool renews_epoch() const { return renews_epoch_; }

 private:
  AuditChain& chain_;
  bool undone_ = false;
  bool renews_epoch_ = false;
};

class Writer {
 public:
  enum class Outcome { Keep, Undo };
  using Work = std::function<Outcome(WriteScope&)>;

  struct Parts {
    sqlite::Database database;  // opened for writing
    sqlite::Database checkpointing;
    AuditHead head;
    EpochFile epoch;
    KeyRing& keys;
    StoreHealth& health;
    ReserveFile& reserve;
    std::chrono::milliseconds deadline;
    // How often the second file is written at most, beside the end: one that lags is no rollback,
    // only an old copy of less than that age could pass for the store after a crash.
    std::chrono::milliseconds epoch_interval{1000};
  };

  explicit Writer(Parts parts);
  // Lets what has begun end, writes the log back and syncs the epoch. Nobody calls any more.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Runs `work` in a transaction, in this thread or in another caller's, and returns once that is
  // committed. `work` may run twice, if the disk was full the first time, and may outlive this
  // call: it owns what it uses. Any thread.
  //
  // Unavailable if it can't be committed, or isn't within the deadline (but see above for who
  // leads). What was still queued then never runs; of what another caller was already running,
  // nobody knows how it ends.
  [[nodiscard]] Status run(Durability durability, Work work);

  // The same with a result: of `work`, Result<T>(WriteScope&). An error undoes what it wrote.
  template <typename T, typename F>
  Result<T> call(Durability durability, F work) {
    const auto slot = std::make_shared<std::optional<Result<T>>>();
    const auto ran = run(durability, [slot, work = std::move(work)](WriteScope& scope) {
      slot->reset();
      slot->emplace(work(scope));
      return **slot && !scope.is_undone() ? Outcome::Keep : Outcome::Undo;
    });
    if (!ran) return ran.error();
    if (!slot->has_value()) return Error{ErrorCode::Unavailable, "the write was given up"};
    return std::move(**slot);
  }

  // The epoch of the last commit.
  [[nodiscard]] Epoch epoch();

 private:
  struct Request;
  using Batch = std::vector<std::shared_ptr<Request>>;

  [[nodiscard]] static Status give_up(Request& request);
  void lead(std::unique_lock<std::mutex>& lock);
  void take();
  [[nodiscard]] Status write();
  [[nodiscard]] Status try_to_write();
  [[nodiscard]] Status run_all();
  [[nodiscard]] Outcome run_one(Request& request);
  [[nodiscard]] Status run_in_savepoint(Request& request);
  [[nodiscard]] Status set_synchronous(Durability durability);
  [[nodiscard]] Status commit();
  [[nodiscard]] bool is_spoiled() const;
  void roll_back();
  void note_epoch();
  void write_epoch(const Epoch& epoch);
  void make_room();
  void deliver(const Status& status);
  void hand_over();
  void keep_log_short();

  // Of whoever leads.
  sqlite::Database database_;
  sqlite::Database checkpointing_;  // of the thread of the log
  AuditChain chain_;
  EpochFile epoch_;
  KeyRing& keys_;
  StoreHealth& health_;
  ReserveFile& reserve_;
  const std::chrono::milliseconds deadline_;
  const std::chrono::milliseconds epoch_interval_;
  Epoch noted_;  // what the second file says
  std::optional<std::chrono::steady_clock::time_point> noted_at_;
  Durability synchronous_ = Durability::Power;
  int log_pages_ = 0;
  bool epoch_is_due_ = false;
  Batch batch_;  // room for the largest is made once: a leader can't fail for want of memory

  std::mutex mutex_;  // of what follows
  std::condition_variable checkpoint_due_;
  std::condition_variable turn_of_log_;
  std::condition_variable nobody_leads_;
  bool led_ = false;  // by a caller or by the thread of the log; if not, nobody waits
  std::deque<std::shared_ptr<Request>> queue_;
  Epoch written_;
  bool stopping_ = false;
  bool log_is_long_ = false;  // its thread has something to do, or is at it
  bool log_waits_ = false;    // its thread wants to lead, before anybody else

  std::thread log_keeper_;
};

}  // namespace twinlock

#endif
