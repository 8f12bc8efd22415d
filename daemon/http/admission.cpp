// SPDX-License-Identifier: MIT
#include "daemon/http/admission.h"

namespace twinlock::http {

void Admission::configure(std::size_t in_all, std::size_t per_source) {
  const std::scoped_lock lock(mutex_);
  in_all_ = in_all;
  per_source_ = per_source;
}

Admission::Place Admission::enter(const std::string& source) {
  const std::scoped_lock lock(mutex_);
  auto& one = sources_[source];
  const bool is_crowd = !source.empty() && one.served >= per_source_;
  if (all_.served < in_all_ && !is_crowd) {
    ++all_.served;
    ++one.served;
    return {this, source, Verdict::Served};
  }
  const bool is_pushy = !source.empty() && one.turned_away >= kTurnedAwayPerSource;
  if (all_.turned_away < kTurnedAwayAtOnce && !is_pushy) {
    ++all_.turned_away;
    ++one.turned_away;
    return {this, source, Verdict::TurnedAway};
  }
  if (one.served + one.turned_away == 0) sources_.erase(source);
  return {nullptr, {}, Verdict::Dropped};
}

void Admission::leave(const std::string& source, Verdict verdict) {
  const std::scoped_lock lock(mutex_);
  const auto one = sources_.find(source);
  if (verdict == Verdict::Served) {
    --all_.served;
    --one->second.served;
  } else {
    --all_.turned_away;
    --one->second.turned_away;
  }
  if (one->second.served + one->second.turned_away == 0) sources_.erase(one);
}

std::shared_ptr<void> Admission::enter_bulk() {
  const std::scoped_lock lock(mutex_);
  if (bulk_ == kBulkBodiesAtOnce) return nullptr;
  ++bulk_;
  return {this, [](Admission* admission) {
            const std::scoped_lock leaving(admission->mutex_);
            --admission->bulk_;
          }};
}

std::size_t Admission::served() {
  const std::scoped_lock lock(mutex_);
  return all_.served;
}

}  // namespace twinlock::http
