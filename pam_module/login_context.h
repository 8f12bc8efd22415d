// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_LOGIN_CONTEXT_H
#define TWINLOCK_PAM_MODULE_LOGIN_CONTEXT_H

#include <security/pam_modules.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/result.h"

namespace twinlock::pam {

// Who logs in, through what and from where: the arguments of Begin.
struct LoginContext {
  std::string user;
  std::string service;
  std::string source;  // an address literal, or empty for unknown (S14)
  std::string rhost;   // for the daemon's log only
  std::string tty;
  std::string ruser;
  std::string locale;
  std::uint32_t capabilities = 0;  // bits of wire::kInteractive and its like
};

// Reads the context from the items and the environment of `pamh`; the process's own environment
// is not looked at (S09).
// InvalidInput: a user or service that is missing, over its limit (common/login_wire.h) or not
// UTF-8, so that it can't travel on the bus. The other fields are cut and filtered instead.
[[nodiscard]] Result<LoginContext> read_login_context(pam_handle_t* pamh);

// What PAM_USER says now, or empty.
[[nodiscard]] std::string_view current_user(pam_handle_t* pamh);

// Where the login comes from, if this can be trusted (S14): for the service `sshd` the first field
// of SSH_CONNECTION in the PAM environment, else PAM_RHOST; each only if it is an IPv4 or IPv6
// literal. Empty for all other services (sudo sets PAM_RHOST to the machine's own name), for an
// sshd under another service name too. Nothing is resolved.
[[nodiscard]] std::string source_address(std::string_view service,
                                         std::string_view ssh_connection,
                                         std::string_view rhost);

// Whether the login sits at a console of this machine: `tty` is a virtual terminal or
// /dev/console, and nothing hints at a network.
[[nodiscard]] bool is_local_terminal(std::string_view service,
                                     std::string_view tty,
                                     std::string_view rhost,
                                     std::string_view ssh_connection);

}  // namespace twinlock::pam

#endif
