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
  enum class State { Queued, Leading, Running, Finished, Withdrawn };

  Durability durability;
  Work work;
  State state = State::Queued;
  Status status = Done{};
  std::condition_variable moved;  // to Leading or Finished
};

Writer::Writer(Parts parts)
    : database_(std::move(parts.database)),
      checkpointing_(std::move(parts.checkpointing)),
      chain_(parts.keys, parts.head),
      epoch_(std::move(parts.epoch)),
      keys_(parts.keys),
      health_(parts.health),
      reserve_(parts.reserve),
      deadline_(parts.deadline),
      epoch_interval_(parts.epoch_interval),
      noted_{.sequence = parts.head.sequence, .mac = parts.head.mac},
      written_(noted_) {
  batch_.reserve(kMaxBatch);
  database_.watch_log(log_pages_);
  log_keeper_ = std::thread([this] { keep_log_short(); });
  (void)pthread_setname_np(log_keeper_.native_handle(), "store-log");
}

Writer::~Writer() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    checkpoint_due_.notify_all();
    nobody_leads_.wait(lock, [this] { return !led_; });
  }
  log_keeper_.join();
  if (written_ != noted_) write_epoch(written_);
  epoch_.sync();
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
  if (std::exchange(led_, true)) {
    const bool moved = request->moved.wait_for(lock, deadline_, [&request] {
      return request->state == Request::State::Leading ||
             request->state == Request::State::Finished;
    });
    if (!moved) return give_up(*request);
    if (request->state == Request::State::Finished) return request->status;
  }
  lead(lock);
  return request->status;
}

Status Writer::give_up(Request& request) {
  if (request.state == Request::State::Running) {
    return Error{ErrorCode::Unavailable, "the store did not answer in time; it may have written"};
  }
  request.state = Request::State::Withdrawn;
  return Error{ErrorCode::Unavailable, "the store was too busy; nothing was written"};
}

Epoch Writer::epoch() {
  const std::scoped_lock lock(mutex_);
  return written_;
}

// One batch, with the leader's own request in it.
void Writer::lead(std::unique_lock<std::mutex>& lock) {
  take();
  lock.unlock();
  Status status = Done{};
  try {
    status = write();
  } catch (const std::exception&) {
    roll_back();
    status = Error{ErrorCode::Unavailable, "no memory"};  // short enough to need none
  }
  deliver(status);
  lock.lock();
  hand_over();
}

void Writer::take() {
  for (; !queue_.empty() && batch_.size() < kMaxBatch; queue_.pop_front()) {
    if (queue_.front()->state == Request::State::Withdrawn) continue;
    queue_.front()->state = Request::State::Running;
    batch_.push_back(std::move(queue_.front()));
  }
}

Status Writer::write() {
  auto status = try_to_write();
  if (!status && database_.is_full()) {
    roll_back();
    make_room();
    status = try_to_write();
  }
  if (status) {
    health_.worked();
    note_epoch();
  } else {
    if (database_.is_failing() && !database_.is_full()) health_.failed(database_, status.error());
    roll_back();
  }
  // Not in the thread of the log: on a full disk that must not grow while it is written back.
  if (!reserve_.is_whole() && log_pages_ >= kLongLogPagesOnFullDisk) (void)database_.checkpoint();
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

Status Writer::try_to_write() {
  const bool durable = std::any_of(batch_.begin(), batch_.end(), [](const auto& request) {
    return request->durability == Durability::Power;
  });
  auto set = set_synchronous(durable ? Durability::Power : Durability::Process);
  if (!set) return set;
  const auto begun = database_.prepare("BEGIN IMMEDIATE").execute();
  if (!begun) return begun.error();
  if (batch_.size() > 1) {
    const auto ran = run_all();
    return ran ? commit() : ran;
  }
  if (run_one(*batch_.front()) == Outcome::Keep) return commit();
  // Alone in its transaction it needs no savepoint.
  if (is_spoiled()) return database_.last_error();
  roll_back();
  return Done{};
}

Status Writer::run_all() {
  for (const auto& request : batch_) {
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
  return Done{};
}

void Writer::roll_back() {
  if (database_.in_transaction()) (void)database_.prepare("ROLLBACK").execute();
  chain_.rewind(chain_.stored());
}

void Writer::make_room() {
  const bool released = reserve_.release();
  health_.full(released ? "the disk of the store is full; its reserve was given up. Make room: the "
                          "next full disk denies logins"
                        : "the disk of the store is full, and there is no reserve left; logins are "
                          "denied until there is room");
  // A log that is written back is written over from its start, and needs no room for a while.
  (void)database_.checkpoint();
}

void Writer::deliver(const Status& status) {
  {
    const std::scoped_lock lock(mutex_);
    written_ = {.sequence = chain_.stored().sequence, .mac = chain_.stored().mac};
    for (const auto& request : batch_) {
      request->status = status;
      request->state = Request::State::Finished;
      request->moved.notify_all();
    }
    if (log_pages_ >= kLongLogPages && !log_is_long_) {
      log_is_long_ = true;
      checkpoint_due_.notify_one();
    }
  }
  batch_.clear();
}

// Makes somebody else lead who waits for it, or nobody.
void Writer::hand_over() {
  if (std::exchange(log_waits_, false)) return turn_of_log_.notify_one();
  for (; !queue_.empty(); queue_.pop_front()) {
    auto& next = *queue_.front();
    if (next.state == Request::State::Withdrawn) continue;
    next.state = Request::State::Leading;
    return next.moved.notify_one();
  }
  led_ = false;
  nobody_leads_.notify_all();
}

// Writes a long log back to the file beside whoever leads, who goes on meanwhile: syncing a
// checkpoint takes many times longer than a commit, and no login should wait for it.
void Writer::keep_log_short() {
  std::unique_lock lock(mutex_);
  while (true) {
    checkpoint_due_.wait(lock, [this] { return stopping_ || log_is_long_; });
    if (stopping_) return;
    lock.unlock();
    const auto done = checkpointing_.checkpoint();
    if (!done) health_.failed(checkpointing_, done.error());
    lock.lock();
    if (std::exchange(led_, true)) {
      log_waits_ = true;
      turn_of_log_.wait(lock, [this] { return !log_waits_; });
    }
    lock.unlock();
    // Nobody adds pages now, so this ends what was begun above: the next transaction starts the
    // log anew.
    const auto ended = database_.checkpoint();
    if (!ended) health_.failed(database_, ended.error());
    lock.lock();
    log_is_long_ = false;
    hand_over();
  }
}

}  // namespace twinlock
