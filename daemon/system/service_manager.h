// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_SERVICE_MANAGER_H
#define TWINLOCK_DAEMON_SYSTEM_SERVICE_MANAGER_H

#include <chrono>
#include <optional>
#include <string>

// What we tell systemd about ourselves, sd_notify(3). Without a notify socket all of it is nothing.
// Any thread.
namespace twinlock::service_manager {

void ready();
void reloading();  // followed by ready() when it is done
void stopping();
void feed_watchdog();
void status(const std::string& line);

// How often the watchdog wants to be fed at most; nothing if there is none.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace twinlock::service_manager

#endif
