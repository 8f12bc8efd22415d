// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_CONTENT_CHECK_H
#define TWINLOCK_DAEMON_STORE_CONTENT_CHECK_H

#include <string>

#include "common/result.h"
#include "daemon/ports/key_ring.h"
#include "daemon/store/clean_end.h"
#include "daemon/store/epoch_file.h"
#include "daemon/store/schema.h"

namespace twinlock {

enum class OldCopy { Accepted, Refused };

// Looks at what the files of a store hold, its database at `path`: identity, soundness, schema,
// key, and, unless an old copy is accepted, whether it stands where the second file says that it
// stood, or further on (S121). What a clean end has left, and nobody has changed, isn't read in
// whole again. Changes no file and makes none, also where a log has to be read. Empty for a file
// that never was a store; Unavailable with what to do if anything is wrong.
[[nodiscard]] Result<sqlite::Content> check_content(const std::string& path,
                                                    const EpochFile& epoch_file,
                                                    const CleanEndNote& clean_end,
                                                    OldCopy old_copy,
                                                    KeyRing& keys);

// The same where another process uses the store, which has looked at all of it: soundness isn't
// checked again, and nothing is brought up to date, so that a store of another version than ours
// is refused. `epoch` is what the second file says.
[[nodiscard]] Status check_content_in_use(const std::string& path,
                                          const EpochFile& epoch_file,
                                          const Result<Epoch>& epoch,
                                          KeyRing& keys);

}  // namespace twinlock

#endif
