// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_GUARDED_PATH_H
#define TWINLOCK_DAEMON_SYSTEM_GUARDED_PATH_H

#include <string>

#include "common/result.h"

namespace twinlock {

// What becomes of the end of a path.
enum class PathEnd {
  Followed,  // a symbolic link is followed; a directory of root's must let nobody else write
  Kept,      // taken as it is, a link too, and may be missing
};

// Where `path` leads to, without symbolic links on the way, once it is sure that for root nobody
// else can make it lead elsewhere: between a look and a use, the user of twinlockd could put a link
// in the place of a directory of its own, and root would read or write behind it.
//
// So each directory on the way, the ways through links included, has to be root's and writable to
// root alone; or sticky, as /tmp is (inode(7)), where what the path goes on with is root's. The end
// may be anybody's: whoever uses it does so with its owner's rights (effective_user.h). A process
// that isn't root's can't be led further than its own rights go: it gets `path` as it is.
//
// InvalidInput for a directory that others could change, with whose it is and what to do.
// Unavailable if something on the way is missing or can't be looked at.
[[nodiscard]] Result<std::string> guarded_path(const std::string& path, PathEnd end);

}  // namespace twinlock

#endif
