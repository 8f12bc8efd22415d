// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_ACCOUNT_H
#define TWINLOCK_DAEMON_DOMAIN_ACCOUNT_H

#include <cstdint>
#include <string>
#include <string_view>

namespace twinlock {

using Uid = std::uint32_t;

// A Unix account as NSS knows it: the canonical name, whatever spelling was asked for, and its
// uid (S37). The two together own enrollments: neither alone does.
struct Account {
  std::string name;
  Uid uid;
};

[[nodiscard]] inline bool is_privileged(const Account& account) { return account.uid == 0; }

// Whether NSS may have said this: [A-Za-z0-9._@+$\-]{1,256} (S38).
[[nodiscard]] bool is_account_name(std::string_view name);

// [A-Za-z0-9._-]{1,64} (S38).
[[nodiscard]] bool is_service_name(std::string_view name);

}  // namespace twinlock

#endif
