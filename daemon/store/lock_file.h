// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_LOCK_FILE_H
#define TWINLOCK_DAEMON_STORE_LOCK_FILE_H

#include <cstddef>
#include <string>
#include <string_view>

#include "common/result.h"

namespace twinlock {

// One file of locks, each on a byte of its own, and a few lines about who holds them. The locks are
// the kernel's, of the open file (F_OFD_SETLK, fcntl(2)): whoever opens the file twice is two, also
// within one process, and they go when it ends, however it ends.
//
// Which byte and which line is for what: occupancy.h, write_turn.h.
class LockFile {
 public:
  enum class Missing { Made, Refused };
  enum class Kind { Shared, Alone };
  enum class Holder { We, Another };
  enum class Part { Gate, Use, Bus, Http, Command, Duty, NextTurn, Turn };

  static constexpr std::size_t kLineSize = 64;  // a newline included

  // NotFound if it is missing, and isn't to be made; Unavailable if it can't be opened.
  static Result<LockFile> open(const std::string& path, Missing missing = Missing::Made);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) = delete;
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();  // lets go of all

  // Any thread. Changing the kind of a lock that is held lets nobody in between.
  // Who holds it now.
  [[nodiscard]] Result<Holder> try_lock(Part part, Kind kind) const;
  // Waits for as long as another holds it.
  [[nodiscard]] Status wait_lock(Part part, Kind kind) const;
  void unlock(Part part) const;
  // Whether another holds it, of either kind. A guess once it is told.
  [[nodiscard]] bool is_held_elsewhere(Part part) const;

  // A line without its padding; empty if there is none, or it can't be read.
  [[nodiscard]] std::string line(std::size_t number) const;
  // Writes a line, cut to its size; an empty one clears it. What a full disk doesn't take isn't
  // there.
  void write_line(std::size_t number, std::string_view text) const;

 private:
  explicit LockFile(int fd) : fd_(fd) {}

  int fd_;
};

}  // namespace twinlock

#endif
