// SPDX-License-Identifier: MIT
#include "daemon/store/writer.h"

#include <pthread.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <string>

namespace twinlock {
namespace {

constexpr std::size_t kMaxBatch = 256;
// When the log is written back: at four megabytes, or at once where every page counts.
constexpr int kLongLogPages = 1000;
constexpr int kLongLogPagesOnFullDisk = 16;

}  // namespace

struct Writer::Request {
  enum class State { Queued, Running, Finished, Withdrawn };

  Durability durability;
  Work work;
  State state = State::Queued;
  Status status = Done{};
  std::condition_variable finished;
};

Writer::Writer(Parts parts)
    : database_(std::move(parts.database)),
      checkpointing_(std::move(parts.checkpointing)),
      chain_(parts.keys, parts.head),
      epoch_(std::move(parts.epoch)),
      keys_(parts.keys),
      health_(parts.health),
      reserve_(parts.reserve),
      turn_(parts.turn),
      deadline_(parts.deadline),
      epoch_interval_(parts.epoch_interval),
      written_{.sequence = parts.head.sequence, .mac = parts.head.mac} {
  database_.watch_log(log_pages_);
  writing_ = std::thread([this] { write_until_stopped(); });
  checkpointing_thread_ = std::thread([this] { checkpoint_until_stopped(); });
  (void)pthread_setname_np(writing_.native_handle(), "store-writer");
  (void)pthread_setname_np(checkpointing_thread_.native_handle(), "store-log");
}

Writer::~Writer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    work_there_.notify_all();
    checkpoint_due_.notify_all();
  }
  writing_.join();
  checkpointing_thread_.join();
  note_last_epoch();
  if (health_.check()) database_.checkpoint_on_close(true);
}

Status Writer::run(Durability durability, Work work) {
  if (auto sound = health_.check(); !sound) return sound;
  const auto request = std::make_shared<Request>();
  request->durability = durability;
  request->work = std::move(work);

  std::unique_lock lock(mutex_);
  if (stopping_) return Error{ErrorCode::Unavailable, "the store is being closed"};
  queue_.push_back(request);
  work_there_.notify_one();
  const bool finished = request->finished.wait_for(
      lock, deadline_, [&request] { return request->state == Request::State::Finished; });
  if (finished) return request->status;
  if (request->state == Request::State::Running) {
    return Error{ErrorCode::Unavailable, "the store did not answer in time; it may have written"};
  }
  request->state = Request::State::Withdrawn;
  return Error{ErrorCode::Unavailable, "the store was too busy; nothing was written"};
}

Epoch Writer::epoch() {
  const std::scoped_lock lock(mutex_);
  return written_;
}

void Writer::write_until_stopped() {
  while (wait_for_work()) {
    // What comes in meanwhile is written along, or withdrawn by who waits for it.
    const auto ours = turn_.take();
    finish_log();
    const auto batch = next_batch();
    if (batch.empty()) {
      turn_.give_up();
      continue;
    }
    const auto status = ours ? write(batch) : ours;
    turn_.give_up();
    deliver(batch, status);
  }
}

// False when stopped, and nothing is left to write.
bool Writer::wait_for_work() {
  std::unique_lock lock(mutex_);
  work_there_.wait(lock, [this] { return stopping_ || log_nearly_empty_ || !queue_.empty(); });
  return !queue_.empty() || !stopping_;
}

// Between two transactions nobody adds pages, so this ends what the other thread has begun: the
// next transaction starts the log anew.
void Writer::finish_log() {
  {
    const std::scoped_lock lock(mutex_);
    if (!std::exchange(log_nearly_empty_, false)) return;
  }
  if (const auto done = database_.checkpoint(); !done) health_.failed(database_, done.error());
}

Writer::Batch Writer::next_batch() {
  const std::scoped_lock lock(mutex_);
  Batch batch;
  for (; !queue_.empty() && batch.size() < kMaxBatch; queue_.pop_front()) {
    if (queue_.front()->state == Request::State::Withdrawn) continue;
    queue_.front()->state = Request::State::Running;
    batch.push_back(std::move(queue_.front()));
  }
  return batch;
}

// On our turn, as all that writes.
Status Writer::write(const Batch& batch) {
  auto status = write_with_room(batch);
  if (status) {
    health_.worked();
    note_epoch();
  } else {
    if (database_.is_failing() && !database_.is_full()) health_.failed(database_, status.error());
    roll_back();
  }
  // Not in the other thread: on a full disk the log must not grow while that one works.
  if (!reserve_.is_whole() && log_pages_ >= kLongLogPagesOnFullDisk) (void)database_.checkpoint();
  return status;
}

Status Writer::write_with_room(const Batch& batch) {
  auto status = try_to_write(batch);
  if (status || !database_.is_full()) return status;
  roll_back();
  make_room();
  status = try_to_write(batch);
  if (!status && database_.is_full()) {
    health_.full(StoreAlert::NoRoom,
                 "its disk is full, and the reserve is used up: logins are denied, and nothing "
                 "that was answered is lost. Make room: logins go on at once");
  }
  return status;
}

void Writer::note_epoch() {
  const Epoch now{.sequence = chain_.stored().sequence, .mac = chain_.stored().mac};
  const bool renewed = std::exchange(epoch_is_due_, false);
  if (now == noted_ && !renewed) return;
  const auto when = std::chrono::steady_clock::now();
  if (!renewed && noted_at_ && when - *noted_at_ < epoch_interval_) return;
  noted_at_ = when;
  write_epoch(now);
}

// The commit stands, whatever becomes of this: a file that lags is no rollback.
void Writer::write_epoch(const Epoch& epoch) {
  const auto noted = epoch_.update(keys_, epoch);
  if (noted) {
    noted_ = epoch;
  } else {
    health_.notice(noted.error().detail);
  }
}

// What the file says at the end is what the store says, whoever wrote last.
void Writer::note_last_epoch() {
  if (!turn_.take()) return;
  // Where somebody has moved the head back, the file must not vouch for it, but say how far we know
  // that the log had come.
  const bool is_ours = static_cast<bool>(chain_.follow(database_));
  const Epoch last{.sequence = chain_.stored().sequence, .mac = chain_.stored().mac};
  const auto noted = epoch_.read(keys_);
  if (last != noted_ && (is_ours || (noted && noted->sequence < last.sequence))) write_epoch(last);
  epoch_.sync();
  turn_.give_up();
}

// Where another process has written since, its head of the chain is the one to go on from.
Status Writer::follow_others() {
  const auto version = database_.version();
  if (version == version_) return Done{};
  if (auto followed = chain_.follow(database_); !followed) return followed;
  version_ = version;
  return Done{};
}

Status Writer::try_to_write(const Batch& batch) {
  const bool durable = std::any_of(batch.begin(), batch.end(), [](const auto& request) {
    return request->durability == Durability::Power;
  });
  auto set = set_synchronous(durable ? Durability::Power : Durability::Process);
  if (!set) return set;
  const auto begun = database_.prepare("BEGIN IMMEDIATE").execute();
  if (!begun) return begun.error();
  if (auto followed = follow_others(); !followed) return followed;
  if (batch.size() > 1) {
    const auto ran = run_all(batch);
    return ran ? commit() : ran;
  }
  if (run_one(*batch.front()) == Outcome::Keep) return commit();
  // Alone in its transaction it needs no savepoint.
  if (is_spoiled()) return database_.last_error();
  roll_back();
  return Done{};
}

Status Writer::run_all(const Batch& batch) {
  for (const auto& request : batch) {
    auto ran = run_in_savepoint(*request);
    if (!ran) return ran;
  }
  return Done{};
}

Status Writer::run_in_savepoint(Request& request) {
  const auto marked = database_.prepare("SAVEPOINT request").execute();
  if (!marked) return marked.error();
  if (run_one(request) == Outcome::Undo) {
    if (is_spoiled()) return database_.last_error();
    const auto undone = database_.prepare("ROLLBACK TO request").execute();
    if (!undone) return undone.error();
  }
  const auto released = database_.prepare("RELEASE request").execute();
  if (!released) return released.error();
  return Done{};
}

Writer::Outcome Writer::run_one(Request& request) {
  const auto before = chain_.head();
  WriteScope scope(database_, chain_);
  auto outcome = Outcome::Undo;
  try {
    outcome = request.work(scope);
  } catch (const std::exception& failure) {
    // No memory, most likely: the end of this request and of no other (S142).
    health_.notice(std::string("a write was given up: ") + failure.what());
  }
  if (outcome == Outcome::Undo) chain_.rewind(before);
  if (scope.renews_epoch()) epoch_is_due_ = true;
  return outcome;
}

// Whether the request that was undone leaves a transaction that can't go on: the file failed, or
// SQLite ended the transaction by itself. That spoils the whole batch.
bool Writer::is_spoiled() const { return database_.is_failing() || !database_.in_transaction(); }

Status Writer::set_synchronous(Durability durability) {
  if (durability == synchronous_) return Done{};
  // SQLite obeys this pragma while it prepares it, so that it can't be kept prepared.
  auto set = durability == Durability::Power ? database_.run("PRAGMA synchronous=FULL")
                                             : database_.run("PRAGMA synchronous=NORMAL");
  if (set) synchronous_ = durability;
  return set;
}

Status Writer::commit() {
  if (auto stored = chain_.store_head(database_); !stored) return stored;
  const auto committed = database_.prepare("COMMIT").execute();
  if (!committed) return committed.error();
  chain_.committed();
  version_ = database_.version();
  return Done{};
}

void Writer::roll_back() {
  if (database_.in_transaction()) (void)database_.prepare("ROLLBACK").execute();
  chain_.rewind(chain_.stored());
}

void Writer::make_room() {
  if (reserve_.release()) {
    health_.full(
        StoreAlert::Full,
        std::string("its disk is full; the reserve was given up, so that nothing is lost ") +
            "and logins go on. Make room: a minute after " + ReserveFile::kWantedRoom +
            " are free the reserve is back. Until then, the next full disk denies logins");
  }
  // A log that is written back is written over from its start, and needs no room for a while.
  (void)database_.checkpoint();
}

void Writer::deliver(const Batch& batch, const Status& status) {
  const std::scoped_lock lock(mutex_);
  written_ = {.sequence = chain_.stored().sequence, .mac = chain_.stored().mac};
  for (const auto& request : batch) {
    request->status = status;
    request->state = Request::State::Finished;
    request->finished.notify_all();
  }
  if (log_pages_ >= kLongLogPages && !log_is_long_ && !log_nearly_empty_) {
    log_is_long_ = true;
    checkpoint_due_.notify_one();
  }
}

// Writes a long log back to the file beside the writer, which goes on meanwhile: syncing a
// checkpoint takes many times longer than a commit, and no login should wait for it.
void Writer::checkpoint_until_stopped() {
  std::unique_lock lock(mutex_);
  while (true) {
    checkpoint_due_.wait(lock, [this] { return stopping_ || log_is_long_; });
    if (stopping_) return;
    lock.unlock();
    const auto done = checkpointing_.checkpoint();
    if (!done) health_.failed(checkpointing_, done.error());
    lock.lock();
    log_is_long_ = false;
    log_nearly_empty_ = true;
    work_there_.notify_one();
  }
}

}  // namespace twinlock
