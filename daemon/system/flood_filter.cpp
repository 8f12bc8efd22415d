// SPDX-License-Identifier: MIT
#include "daemon/system/flood_filter.h"

namespace twinlock {

FloodFilter::Verdict FloodFilter::judge(const std::string& key, Moment now) {
  const bool is_known = minutes_.contains(key);
  const std::string counted = is_known || minutes_.size() < kMaxKeys ? key : "other records";
  auto& minute = minutes_.try_emplace(counted, Minute{now}).first->second;
  if (minute.passed < kPerMinute) {
    ++minute.passed;
    return Verdict::Pass;
  }
  ++minute.left_out;
  return Verdict::LeaveOut;
}

std::vector<FloodFilter::Summary> FloodFilter::ended(Moment now) {
  std::vector<Summary> summaries;
  for (auto entry = minutes_.begin(); entry != minutes_.end();) {
    const auto& [key, minute] = *entry;
    if (now - minute.start < std::chrono::minutes(1)) {
      ++entry;
      continue;
    }
    if (minute.left_out > 0) summaries.push_back({key, minute.left_out});
    entry = minutes_.erase(entry);
  }
  return summaries;
}

}  // namespace twinlock
