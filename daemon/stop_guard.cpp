// SPDX-License-Identifier: MIT
#include "daemon/stop_guard.h"

#include <utility>

namespace twinlock {

StopGuard::StopGuard(End end, std::chrono::milliseconds patience)
    : end_(std::move(end)), patience_(patience), thread_([this] { watch(); }) {}

StopGuard::~StopGuard() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void StopGuard::await(const std::string& what) {
  {
    const std::scoped_lock lock(mutex_);
    awaited_ = what;
    deadline_ = std::chrono::steady_clock::now() + patience_;
  }
  changed_.notify_one();
}

void StopGuard::done() {
  const std::scoped_lock lock(mutex_);
  deadline_.reset();
}

void StopGuard::watch() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (!deadline_) {
      changed_.wait(lock);
      continue;
    }
    if (std::chrono::steady_clock::now() < *deadline_) {
      changed_.wait_until(lock, *deadline_);
      continue;
    }
    const auto what = awaited_;
    lock.unlock();
    end_(what + " did not end in time; ending without it, and without closing the store");
    return;
  }
}

}  // namespace twinlock
