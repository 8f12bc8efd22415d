// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_OCCUPANCY_H
#define TWINLOCK_DAEMON_STORE_OCCUPANCY_H

#include <sys/types.h>

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "daemon/ports/key_ring.h"
#include "daemon/store/lock_file.h"

namespace twinlock {

// What a process uses a store for. Each seat is for one process at a time; the seat for commands is
// only had while nobody has another.
enum class Seat { Bus, Http, Command };

// One process that has a seat.
struct Occupant {
  Seat seat;
  std::string name;  // "serve --bus, process 1234"
  KeyId key = 0;     // that it seals under; 0 if it hasn't said
};

// This process among those that use a store, in its file of locks:
//
//   Gate     held while a process comes in or goes, which takes turns
//   Use      held by all that use the store, shared; alone by the first while it opens the store,
//            by a command for its whole life, and by the last while it closes the store
//   Bus, Http, Command   the seats
//   Duty     held by the one that does the housekeeping for all
//
// The lines of the file say who has each seat, and under which key it seals; the fourth, that a
// process ended without closing the store in order while others used it. A seat's line that is left
// while nobody holds the seat says the same.
class Occupancy {
 public:
  // Waits while another process opens or closes the store. Unavailable, with who is in the way and
  // what to do, if a seat is taken, or the store is used in a way that leaves no place for us.
  static Result<Occupancy> enter(LockFile file, const std::string& path, std::vector<Seat> seats);

  Occupancy(Occupancy&& other) noexcept;
  Occupancy& operator=(Occupancy&&) = delete;
  Occupancy(const Occupancy&) = delete;
  Occupancy& operator=(const Occupancy&) = delete;
  // As a process that was killed, unless leave() was called.
  ~Occupancy() = default;

  // Nobody else uses the store, and nobody comes in before settle().
  [[nodiscard]] bool is_first() const { return first_; }

  // The store is open: others may come in, unless ours is the seat for commands.
  void settle();
  // Says under which key we seal; again whenever that may have changed. Any thread.
  void seals_under(KeyId key);

  // Whether the housekeeping for all is ours; it stays so once it is. Any thread.
  [[nodiscard]] bool is_on_duty();

  // Nobody comes in or goes from now on. Call it before the store's files are closed.
  void begin_to_leave();
  // Once they are. Whether we were the last, and everybody has closed the store in order.
  [[nodiscard]] bool is_last_of_all();
  // We have closed the store in order.
  void leave();

  [[nodiscard]] const LockFile& file() const { return file_; }

 private:
  Occupancy(LockFile file, std::vector<Seat> seats, bool first);
  void write_lines(KeyId key) const;
  [[nodiscard]] bool is_alone() const;

  LockFile file_;
  std::vector<Seat> seats_;
  bool first_;
  bool settled_ = false;
  std::atomic<KeyId> key_ = 0;
  std::atomic<bool> on_duty_ = false;
};

// Those that have a seat now.
[[nodiscard]] std::vector<Occupant> occupants_of(const LockFile& file);

}  // namespace twinlock

#endif
