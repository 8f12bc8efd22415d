// SPDX-License-Identifier: MIT
//
// A directory for tests, as an NSS module: names that begin with "hang" and uids from 60000 to
// 60099 never get an answer, names that begin with "err" an error, and all others are not there.
#include <nss.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming): glibc's names

extern "C" __attribute__((visibility("default"))) nss_status _nss_twintest_getpwnam_r(
    const char* name, passwd*, char*, std::size_t, int* error) {
  const std::string_view text = name;
  if (text.substr(0, 4) == "hang") {
    for (;;) pause();
  }
  if (text.substr(0, 3) == "err") {
    *error = ENOENT;  // what a module says whose daemon has no socket
    return NSS_STATUS_UNAVAIL;
  }
  return NSS_STATUS_NOTFOUND;
}

extern "C" __attribute__((visibility("default"))) nss_status _nss_twintest_getpwuid_r(
    uid_t uid, passwd*, char*, std::size_t, int*) {
  if (uid >= 60000 && uid < 60100) {
    for (;;) pause();
  }
  return NSS_STATUS_NOTFOUND;
}

// NOLINTEND(bugprone-reserved-identifier,cert-dcl*,readability-identifier-naming)
