// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_EFFECTIVE_USER_H
#define TWINLOCK_DAEMON_SYSTEM_EFFECTIVE_USER_H

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/result.h"

namespace twinlock {

// Makes root the owner of a path, with that user's groups and no others, for as long as this lives,
// so that what root's tools open there is opened with that user's rights, and what they make
// belongs to that user. For anybody else, and where the path is root's, it does nothing. For a
// process of one thread.
class EffectiveUser {
 public:
  explicit EffectiveUser(const std::string& owner_of);
  EffectiveUser(const EffectiveUser&) = delete;
  EffectiveUser& operator=(const EffectiveUser&) = delete;
  ~EffectiveUser();  // ends the process if it can't be root again

  // Unavailable if it didn't work.
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  gid_t group_;
  std::vector<gid_t> groups_;
  bool changed_ = false;
  Status status_;
};

}  // namespace twinlock

#endif
