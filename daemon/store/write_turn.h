// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_WRITE_TURN_H
#define TWINLOCK_DAEMON_STORE_WRITE_TURN_H

#include "common/result.h"
#include "daemon/store/lock_file.h"

namespace twinlock {

// Whose turn it is to write, among the processes of one store. SQLite's own lock would do for
// correctness, but whoever waits for it asks again after a sleep, and finds the lock taken anew by
// the one who has just had it: single logins waited for seconds.
//
// Two locks make a queue of it. The one who writes holds `Turn`; the one who is next holds
// `NextTurn` while it waits for that, woken by the kernel. Whoever wants to write again has to be
// next first, and can't while somebody is. So a process waits for one turn of the other, and then
// has its own; of three, two may race for being next.
//
// One thread of a process; the locks are the kernel's, and end with the process.
class WriteTurn {
 public:
  explicit WriteTurn(const LockFile& file) : file_(file) {}  // which outlives it

  // Returns once it is ours. Unavailable if the kernel has no memory for a lock: it isn't ours.
  [[nodiscard]] Status take() const {
    if (auto next = file_.wait_lock(LockFile::Part::NextTurn, LockFile::Kind::Alone); !next) {
      return next;
    }
    auto taken = file_.wait_lock(LockFile::Part::Turn, LockFile::Kind::Alone);
    file_.unlock(LockFile::Part::NextTurn);
    return taken;
  }
  void give_up() const { file_.unlock(LockFile::Part::Turn); }

 private:
  const LockFile& file_;
};

}  // namespace twinlock

#endif
