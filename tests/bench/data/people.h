// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_BENCH_DATA_PEOPLE_H
#define TWINLOCK_TESTS_BENCH_DATA_PEOPLE_H

#include <chrono>

#include "daemon/domain/account.h"
#include "daemon/ports/store.h"

// Users of generated stores: always the same for the same number, as in harness/people.py.
namespace twinlock::bench {

// "bench0000042" with uid 30042.
[[nodiscard]] Account account_of(int number);

// A confirmed TOTP method (SHA-1, six digits, 30 s), enrolled at `when`; its seed is the SHA-1 of
// "twinlock bench 42".
[[nodiscard]] OtpMethod method_of(int number, WallTime when);

// A login as it is recorded.
[[nodiscard]] AuditEvent login_event(int number, WallTime when);
// The record that comes with an enrollment.
[[nodiscard]] AuditEvent enrollment_event(int number, WallTime when);

}  // namespace twinlock::bench

#endif
