// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_REPORT_H
#define TWINLOCK_DAEMON_REPORT_H

#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/application.h"

namespace twinlock {

// The lines of an error's detail: several mistakes in one file are one each.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view detail);

// Says on standard error why the program ends, each line with the program's name; returns `exit`.
ExitCode report(ExitCode exit, const Error& error);

}  // namespace twinlock

#endif
