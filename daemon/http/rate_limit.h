// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_RATE_LIMIT_H
#define TWINLOCK_DAEMON_HTTP_RATE_LIMIT_H

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/domain/instant.h"
#include "daemon/http/router.h"
#include "daemon/http/settings.h"

// How often somebody may call (C18 to C22, S69, and the REST rows of §2.2). This process's own
// memory: a restart forgives, and the budgets that guard codes are in the store.
namespace twinlock::http {

// How a bucket stands, as the X-RateLimit headers tell it.
struct Allowance {
  int limit;
  int remaining;
  WallTime full_at;
  std::optional<std::chrono::seconds> retry_after;  // refused: when there will be room, at least 1
};

// `burst` at once after a silence, `burst` more in each `refill`.
struct BucketRate {
  int burst;
  std::chrono::milliseconds refill;
};

// Token buckets by key, a bounded number of them: what is full is forgotten, and if all are in use
// the one that was used longest ago. Any thread.
class BucketTable {
 public:
  explicit BucketTable(std::size_t capacity) : capacity_(capacity) {}

  // Takes one, if there is one.
  [[nodiscard]] Allowance take(const std::string& key, const BucketRate& rate, const Instant& now);
  // As if the last one hadn't been taken.
  void put_back(const std::string& key);
  [[nodiscard]] std::size_t size();

 private:
  struct Bucket {
    double tokens;
    std::chrono::milliseconds filled_at;  // since boot
    std::chrono::milliseconds full_at;
  };

  Bucket& refilled(const std::string& key, const BucketRate& rate, const Instant& now);
  void make_room(const Instant& now);

  const std::size_t capacity_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

// Failures of a source: beyond a number within a window it is refused until `hold` has passed. Any
// thread.
class FailureTable {
 public:
  struct Rule {
    int failures;
    std::chrono::milliseconds window;
    std::chrono::milliseconds hold;
  };

  FailureTable(const Rule& rule, std::size_t capacity) : rule_(rule), capacity_(capacity) {}

  void count(const std::string& source, const Instant& now);
  // How long `source` is refused; nothing if it isn't.
  [[nodiscard]] std::optional<std::chrono::seconds> held(const std::string& source,
                                                         const Instant& now);

 private:
  struct Failures {
    int count = 0;
    std::chrono::milliseconds since{0};
    std::chrono::milliseconds held_until{0};
  };

  void make_room(const Instant& now);

  const Rule rule_;
  const std::size_t capacity_;
  std::mutex mutex_;
  std::map<std::string, Failures> failures_;
};

// All of them. Any thread.
class RateLimits {
 public:
  // Who draws: a client by its id, whichever of its tokens it shows, or a source without a token.
  struct Drawer {
    std::string source;
    std::string client;  // empty: none
  };

  explicit RateLimits(const CallRates& rates) : rates_(rates) {}

  void configure(const CallRates& rates);

  // Before anything else is done for a source: how long it is refused for its failures.
  [[nodiscard]] std::optional<std::chrono::seconds> held(RateClass rate_class,
                                                         const std::string& source,
                                                         const Instant& now);
  // What every call draws; the answer is about the bucket that refused, else the first.
  [[nodiscard]] Allowance draw(RateClass rate_class,
                               bool is_write,
                               const Drawer& drawer,
                               const Instant& now);
  void count(Mark mark, const std::string& source, const Instant& now);
  // A call was drawn for a ticket that wasn't made.
  void put_back_ticket(const std::string& client) { tickets_.put_back(client); }

 private:
  [[nodiscard]] BucketRate call_rate();

  std::mutex mutex_;  // guards rates_
  CallRates rates_;
  static constexpr std::size_t kCapacity = 4096;
  BucketTable calls_{kCapacity};
  BucketTable writes_{kCapacity};
  BucketTable tickets_{kCapacity};
  FailureTable authentications_{
      {kFailedAuthenticationsPerMinute, std::chrono::minutes(1), kAuthenticationHold}, kCapacity};
  FailureTable lookups_{{kLookupMissesPerHour, std::chrono::hours(1), std::chrono::hours(1)},
                        kCapacity};
};

}  // namespace twinlock::http

#endif
