// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_ADMISSION_H
#define TWINLOCK_DAEMON_HTTP_ADMISSION_H

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "daemon/http/limits.h"

namespace twinlock::http {

// How many connections there are, in all and per source (S53). Any thread.
//
// What is beyond the limit is turned away: told so, which under TLS needs a handshake first, from a
// small allowance of its own. What is beyond that is closed without a word.
class Admission {
 public:
  enum class Verdict { Served, TurnedAway, Dropped };

  // A connection's place, given back when it ends.
  class Place {
   public:
    Place(Admission* admission, std::string source, Verdict verdict)
        : admission_(admission), source_(std::move(source)), verdict_(verdict) {}
    Place(Place&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)),
          source_(std::move(other.source_)),
          verdict_(other.verdict_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (admission_ != nullptr) admission_->leave(source_, verdict_);
    }
    [[nodiscard]] Verdict verdict() const { return verdict_; }

   private:
    Admission* admission_;
    std::string source_;
    Verdict verdict_;
  };

  Admission(std::size_t in_all, std::size_t per_source)
      : in_all_(in_all), per_source_(per_source) {}

  void configure(std::size_t in_all, std::size_t per_source);

  // `source` as source_of() has it; an empty one counts in all only: a listed proxy, behind which
  // there are many.
  [[nodiscard]] Place enter(const std::string& source);

  // A place for a body beyond kMaxBody, as long as the pointer lives; nothing if there is none
  // left. Not to outlive this.
  [[nodiscard]] std::shared_ptr<void> enter_bulk();

  [[nodiscard]] std::size_t served();

 private:
  struct Count {
    std::size_t served = 0;
    std::size_t turned_away = 0;
  };

  void leave(const std::string& source, Verdict verdict);

  std::mutex mutex_;  // guards the rest
  std::size_t in_all_;
  std::size_t per_source_;
  Count all_;
  std::size_t bulk_ = 0;
  std::map<std::string, Count> sources_;
};

}  // namespace twinlock::http

#endif
