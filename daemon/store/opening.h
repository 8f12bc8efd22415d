// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_OPENING_H
#define TWINLOCK_DAEMON_STORE_OPENING_H

#include <string>
#include <vector>

#include "common/result.h"
#include "daemon/ports/key_ring.h"
#include "daemon/store/audit_chain.h"
#include "daemon/store/clean_end.h"
#include "daemon/store/content_check.h"
#include "daemon/store/epoch_file.h"
#include "daemon/store/occupancy.h"
#include "daemon/store/schema.h"
#include "daemon/store/sqlite_database.h"

// The files of a store in its directory, and every check that comes before the first use:
//
//   store.db (with -wal, -shm)  the database
//   epoch                       the second file (S121)
//   clean                       says that the last end was in order, while nobody uses the store
//   lock                        held by the processes that use them (S119)
//   reserve                     room to give up (S132)
namespace twinlock {

enum class Creation { Allowed, Refused };

struct OpenedFiles {
  std::string directory;  // without symbolic links
  std::string path;       // of the database
  Occupancy occupancy;
  sqlite::Database database;
  EpochFile epoch;
  CleanEndNote clean_end;
};

// Takes the seats, opens or makes the database, and checks owner and mode of it and of the
// directory, identity, soundness, schema, key, and whether it stands where the second file says
// that it stood, or further on (S121). What a clean end has left, and nobody has changed, isn't
// read in whole again. A missing database beside an epoch file is refused (S134). Unavailable with
// what to do if anything is wrong; then no file was changed but the reserve, which is given up
// where the disk is full (S132), and none was made but the lock.
//
// Where another process uses the store already, that one has looked at all of it: then only who it
// belongs to, the schema, the key and the second file are checked, and the version has to be ours.
//
// Nobody else comes in before the occupancy is settled. What the first process does until then,
// bringing the schema up to date or writing the second file anew, is seen by no other.
[[nodiscard]] Result<OpenedFiles> open_files(const std::string& directory,
                                             Creation creation,
                                             OldCopy old_copy,
                                             KeyRing& keys,
                                             const std::vector<Seat>& seats);

// Whether others than the owner may look into the directory: no danger, since each file in it is
// its owner's alone, but not as it was made.
[[nodiscard]] bool is_open_to_others(const std::string& directory);

}  // namespace twinlock

#endif
