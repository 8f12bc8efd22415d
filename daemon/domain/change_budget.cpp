// SPDX-License-Identifier: MIT
#include "daemon/domain/change_budget.h"

#include <cstddef>

#include "daemon/domain/limits.h"

namespace twinlock {
namespace {

// Above so many uids those whose hour is over are forgotten.
constexpr std::size_t kKeptUids = 1024;
constexpr std::chrono::hours kHour{1};

}  // namespace

bool ChangeBudget::take(Uid uid, const Instant& now) {
  const std::lock_guard lock(mutex_);
  if (hours_.size() > kKeptUids) {
    std::erase_if(hours_,
                  [&now](const auto& entry) { return has_passed(kHour, entry.second.began, now); });
  }
  auto& hour = hours_.try_emplace(uid, Hour{now, 0}).first->second;
  if (has_passed(kHour, hour.began, now)) hour = {now, 0};
  if (hour.taken >= kChangesPerHour) return false;
  ++hour.taken;
  return true;
}

}  // namespace twinlock
