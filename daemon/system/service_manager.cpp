// SPDX-License-Identifier: MIT
#include "daemon/system/service_manager.h"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <ctime>

namespace twinlock::service_manager {

void ready() { sd_notify(0, "READY=1\nSTATUS=Answering logins."); }

void reloading() {
  // Type=notify-reload of systemd 253 and newer wants the moment; older ones ignore it.
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = now.tv_sec * 1000000LL + now.tv_nsec / 1000;
  sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", static_cast<long long>(microseconds));
}

void stopping() { sd_notify(0, "STOPPING=1"); }

void feed_watchdog() { sd_notify(0, "WATCHDOG=1"); }

void status(const std::string& line) { sd_notifyf(0, "STATUS=%s", line.c_str()); }

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t limit = 0;
  if (sd_watchdog_enabled(0, &limit) <= 0) return std::nullopt;
  return std::chrono::microseconds(limit);
}

}  // namespace twinlock::service_manager
