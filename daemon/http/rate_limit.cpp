// SPDX-License-Identifier: MIT
#include "daemon/http/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace twinlock::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

seconds rounded_up(milliseconds time) {
  return std::max(std::chrono::ceil<seconds>(time), seconds(1));
}

// The one whose `when` is the least goes: the shortest way back to what is forgotten anyway.
template <typename Map, typename When>
void drop_first(Map& map, When when) {
  const auto first =
      std::min_element(map.begin(), map.end(), [&when](const auto& a, const auto& b) {
        return when(a.second) < when(b.second);
      });
  if (first != map.end()) map.erase(first);
}

}  // namespace

void BucketTable::make_room(const Instant& now) {
  if (buckets_.size() < capacity_) return;
  std::erase_if(buckets_, [&now](const auto& one) { return one.second.full_at <= now.since_boot; });
  if (buckets_.size() < capacity_) return;
  drop_first(buckets_, [](const Bucket& bucket) { return bucket.filled_at; });
}

BucketTable::Bucket& BucketTable::refilled(const std::string& key,
                                           const BucketRate& rate,
                                           const Instant& now) {
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    make_room(now);
    found = buckets_.emplace(key, Bucket{double(rate.burst), now.since_boot, now.since_boot}).first;
  }
  auto& bucket = found->second;
  const auto passed = std::max(now.since_boot - bucket.filled_at, milliseconds(0));
  const double gained = double(rate.burst) * double(passed.count()) / double(rate.refill.count());
  bucket.tokens = std::min(bucket.tokens + gained, double(rate.burst));
  bucket.filled_at = now.since_boot;
  return bucket;
}

Allowance BucketTable::take(const std::string& key, const BucketRate& rate, const Instant& now) {
  const std::scoped_lock lock(mutex_);
  auto& bucket = refilled(key, rate, now);
  const double per_token = double(rate.refill.count()) / rate.burst;
  Allowance allowance{rate.burst, 0, {}, {}};
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
  } else {
    const auto wait = milliseconds(std::llround(std::ceil((1 - bucket.tokens) * per_token)));
    allowance.retry_after = rounded_up(wait);
  }
  const auto to_full = milliseconds(std::llround((rate.burst - bucket.tokens) * per_token));
  bucket.full_at = now.since_boot + to_full;
  allowance.remaining = static_cast<int>(bucket.tokens);
  allowance.full_at = now.wall + to_full;
  return allowance;
}

void BucketTable::put_back(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = buckets_.find(key);
  if (found != buckets_.end())
    found->second.tokens += 1;  // what is too much goes at the next refill
}

std::size_t BucketTable::size() {
  const std::scoped_lock lock(mutex_);
  return buckets_.size();
}

void FailureTable::make_room(const Instant& now) {
  if (failures_.size() < capacity_) return;
  std::erase_if(failures_, [this, &now](const auto& one) {
    return one.second.held_until <= now.since_boot &&
           one.second.since + rule_.window <= now.since_boot;
  });
  if (failures_.size() < capacity_) return;
  drop_first(failures_, [](const Failures& one) { return std::pair(one.held_until, one.since); });
}

void FailureTable::count(const std::string& source, const Instant& now) {
  const std::scoped_lock lock(mutex_);
  if (!failures_.contains(source)) make_room(now);
  auto& one = failures_[source];
  if (one.count == 0 || now.since_boot - one.since >= rule_.window) {
    one = {0, now.since_boot, one.held_until};
  }
  if (++one.count < rule_.failures) return;
  one = {0, now.since_boot, now.since_boot + rule_.hold};
}

std::optional<seconds> FailureTable::held(const std::string& source, const Instant& now) {
  const std::scoped_lock lock(mutex_);
  const auto found = failures_.find(source);
  if (found == failures_.end() || found->second.held_until <= now.since_boot) return std::nullopt;
  return rounded_up(found->second.held_until - now.since_boot);
}

void RateLimits::configure(const CallRates& rates) {
  const std::scoped_lock lock(mutex_);
  rates_ = rates;
}

BucketRate RateLimits::call_rate() {
  const std::scoped_lock lock(mutex_);
  return {rates_.burst, milliseconds(1000) * rates_.burst / rates_.per_second};
}

std::optional<seconds> RateLimits::held(RateClass rate_class,
                                        const std::string& source,
                                        const Instant& now) {
  switch (rate_class) {
    case RateClass::None:
      return std::nullopt;
    case RateClass::Lookup:
      if (const auto held = lookups_.held(source, now)) return held;
      [[fallthrough]];
    case RateClass::Management:
    case RateClass::Tickets:
    case RateClass::Source:
      return authentications_.held(source, now);
  }
  return std::nullopt;
}

Allowance RateLimits::draw(RateClass rate_class,
                           bool is_write,
                           const Drawer& drawer,
                           const Instant& now) {
  const bool by_client = !drawer.client.empty();
  const auto calls = calls_.take(
      by_client ? "client " + drawer.client : "source " + drawer.source, call_rate(), now);
  if (calls.retry_after || !by_client) return calls;
  if (is_write) {
    const auto writes =
        writes_.take(drawer.client, {kWritesPerMinute, std::chrono::minutes(1)}, now);
    if (writes.retry_after) return writes;
  }
  if (rate_class == RateClass::Tickets) {
    const auto tickets =
        tickets_.take(drawer.client, {kTicketsPerHour, std::chrono::hours(1)}, now);
    if (tickets.retry_after) return tickets;
  }
  return calls;
}

void RateLimits::count(Mark mark, const std::string& source, const Instant& now) {
  switch (mark) {
    case Mark::None:
      return;
    case Mark::FailedAuthentication:
      return authentications_.count(source, now);
    case Mark::LookupMiss:
      return lookups_.count(source, now);
  }
}

}  // namespace twinlock::http
