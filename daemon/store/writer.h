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
#include "daemon/store/write_turn.h"

// The one thread of this process that writes. Several writers with a busy time-out would starve
// each other; one with a queue commits for many at once (group commit): while a commit is being
// synced, requests queue up, and the next transaction takes all of them. No delay is ever added.
//
// Other processes of the same store have a writer each. They take turns (write_turn.h), one
// transaction each; whatever is kept here about the store is looked at again where another has
// written since.
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
  WallTime raise_latest_time(WallTime now) { return chain_.raise_latest_time(now); }

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
    EpochFile epoch;  // opened for update()
    KeyRing& keys;
    StoreHealth& health;
    ReserveFile& reserve;
    WriteTurn turn;
    std::chrono::milliseconds deadline;
    // How often the second file is written at most, beside the end: one that lags is no rollback,
    // only an old copy of less than that age could pass for the store after a crash.
    std::chrono::milliseconds epoch_interval{1000};
  };

  explicit Writer(Parts parts);
  // Lets what has begun end, writes the log back and syncs the epoch.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Runs `work` on the writer's thread, in a transaction, and returns once that is committed.
  // `work` may run twice, if the disk was full the first time, and may outlive this call: it owns
  // what it uses. Any thread.
  //
  // Unavailable if it can't be committed, or isn't within the deadline. What was still queued then
  // never runs; of what was already running, nobody knows how it ends.
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

  // How far the audit log has come, as far as this process knows.
  [[nodiscard]] Epoch epoch();

 private:
  struct Request;
  using Batch = std::vector<std::shared_ptr<Request>>;

  void write_until_stopped();
  [[nodiscard]] bool wait_for_work();
  [[nodiscard]] Batch next_batch();
  void finish_log();
  [[nodiscard]] Status write(const Batch& batch);
  [[nodiscard]] Status write_with_room(const Batch& batch);
  [[nodiscard]] Status follow_others();
  [[nodiscard]] Status try_to_write(const Batch& batch);
  [[nodiscard]] Status run_all(const Batch& batch);
  [[nodiscard]] Outcome run_one(Request& request);
  [[nodiscard]] Status run_in_savepoint(Request& request);
  [[nodiscard]] Status set_synchronous(Durability durability);
  [[nodiscard]] Status commit();
  [[nodiscard]] bool is_spoiled() const;
  void roll_back();
  void note_epoch();
  void note_last_epoch();
  void write_epoch(const Epoch& epoch);
  void make_room();
  void deliver(const Batch& batch, const Status& status);
  void checkpoint_until_stopped();

  sqlite::Database database_;
  sqlite::Database checkpointing_;
  AuditChain chain_;
  EpochFile epoch_;
  KeyRing& keys_;
  StoreHealth& health_;
  ReserveFile& reserve_;
  const WriteTurn turn_;
  const std::chrono::milliseconds deadline_;
  const std::chrono::milliseconds epoch_interval_;
  std::optional<std::uint32_t> version_;  // of the database that chain_ is the head of
  Epoch noted_;                           // what we have written to the second file last
  std::optional<std::chrono::steady_clock::time_point> noted_at_;
  Durability synchronous_ = Durability::Power;
  int log_pages_ = 0;
  bool epoch_is_due_ = false;

  std::mutex mutex_;  // of what follows
  std::condition_variable work_there_;
  std::condition_variable checkpoint_due_;
  std::deque<std::shared_ptr<Request>> queue_;
  Epoch written_;
  bool stopping_ = false;
  bool log_is_long_ = false;       // the checkpointing thread has something to do
  bool log_nearly_empty_ = false;  // it has left a few pages, for the writer to finish

  std::thread writing_;
  std::thread checkpointing_thread_;
};

}  // namespace twinlock

#endif
