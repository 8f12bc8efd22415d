// SPDX-License-Identifier: MIT
#include "tests/bench/timer/code_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace twinlock::bench {
namespace {

using Clock = std::chrono::system_clock;
using namespace std::chrono_literals;

constexpr auto kPeriod = 30s;

std::int64_t step_at(Clock::time_point when) { return when.time_since_epoch() / kPeriod; }

// The oldest step that is good now and for as long as a login takes.
std::int64_t oldest_step() { return step_at(Clock::now() + 2s) - 1; }
std::int64_t newest_step() { return step_at(Clock::now()) + 1; }

}  // namespace

CodePool::CodePool(std::string file) : file_(std::move(file)) {
  std::ifstream lines(file_);
  std::vector<std::int64_t> last_used;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string seed;
    PoolUser user;
    std::int64_t last = -1;
    words >> user.name >> user.uid >> seed >> last;
    const auto bytes = parse_seed(seed);
    if (!words || !bytes) throw std::runtime_error(file_ + ": not a user: " + line);
    user.seed = *bytes;
    users_.push_back(std::move(user));
    last_used.push_back(last);
  }
  if (users_.empty()) throw std::runtime_error(file_ + ": no users");
  void* const shared = mmap(nullptr,
                            last_used.size() * sizeof(std::int64_t),
                            PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS,
                            -1,
                            0);
  if (shared == MAP_FAILED) throw std::bad_alloc();
  last_used_ = static_cast<std::int64_t*>(shared);
  std::copy(last_used.begin(), last_used.end(), last_used_);
}

CodePool::~CodePool() { munmap(last_used_, users_.size() * sizeof(std::int64_t)); }

std::size_t CodePool::share_size(std::size_t share, std::size_t shares) const {
  if (share >= users_.size()) throw std::runtime_error(file_ + ": too few users for the workers");
  return (users_.size() - share + shares - 1) / shares;
}

Ticket CodePool::next_totp(std::size_t share, std::size_t shares) {
  const std::size_t count = share_size(share, shares);
  if (turn_.size() < shares) turn_.resize(shares);
  for (;;) {
    for (std::size_t tried = 0; tried < count; ++tried) {
      const std::size_t index = share + shares * (turn_[share]++ % count);
      const std::int64_t step = std::max(last_used_[index] + 1, oldest_step());
      if (step > newest_step()) continue;
      last_used_[index] = step;
      return {&users_[index], hotp_code(users_[index].seed, step)};
    }
    std::this_thread::sleep_for(100ms);
  }
}

Ticket CodePool::next_hotp(std::size_t share, std::size_t shares) {
  const std::size_t count = share_size(share, shares);
  if (turn_.size() < shares) turn_.resize(shares);
  const std::size_t index = share + shares * (turn_[share]++ % count);
  return {&users_[index], hotp_code(users_[index].seed, ++last_used_[index])};
}

Ticket CodePool::present_totp(std::size_t share, std::size_t shares) const {
  static_cast<void>(share_size(share, shares));
  return {&users_[share], hotp_code(users_[share].seed, step_at(Clock::now()))};
}

void CodePool::save() const {
  std::ostringstream text;
  for (std::size_t i = 0; i < users_.size(); ++i) {
    text << users_[i].name << ' ' << users_[i].uid << ' ';
    for (const std::uint8_t byte : users_[i].seed) {
      text << "0123456789abcdef"[byte >> 4U] << "0123456789abcdef"[byte & 15U];
    }
    text << ' ' << last_used_[i] << '\n';
  }
  std::ofstream(file_) << text.str();
}

}  // namespace twinlock::bench
