// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_CLEAN_END_H
#define TWINLOCK_DAEMON_STORE_CLEAN_END_H

#include <string>

#include "daemon/ports/key_ring.h"

namespace twinlock {

// Remembers that a store was closed in order, so that the next start needn't read all of it: a note
// beside it of the file's device, inode, size and times. Any change to the file changes these, so
// that damage done meanwhile is still looked for; only what happens below the file system, such as
// a sector that decays, waits until it is read.
//
// One line of text: what it is, the five numbers, and HMAC-SHA-256 under the subkey "store-clean"
// over all before it.
class CleanEndNote {
 public:
  // `database`: the path of the file; the note is at `path`.
  CleanEndNote(std::string path, std::string database)
      : path_(std::move(path)), database_(std::move(database)) {}

  // Whether the database is the file that was closed in order, and nothing waits in its log.
  [[nodiscard]] bool holds(KeyRing& keys) const;
  // To be called once the database is closed. Leaves no note if its log is still there.
  void write(KeyRing& keys) const;
  // To be called before the first change.
  void remove() const;

 private:
  [[nodiscard]] std::string present(KeyRing& keys) const;

  std::string path_;
  std::string database_;
};

}  // namespace twinlock

#endif
