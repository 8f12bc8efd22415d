// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_LOGIN_CONTEXT_H
#define TWINLOCK_DAEMON_DOMAIN_LOGIN_CONTEXT_H

#include <array>
#include <cstdint>
#include <string>

#include "common/login_wire.h"

namespace twinlock {

// Sixteen random bytes of the caller that name one call (S11, S41).
using Nonce = std::array<std::uint8_t, wire::kNonceSize>;

// Why a conversation is held: to log in, to try whether one could, or to show an authenticator
// before changing one's methods.
enum class Purpose { Login = 1, Test = 2, Proof = 3 };

// Who logs in, from where, through which service: as the front end reports it.
struct LoginContext {
  Nonce nonce{};
  Purpose purpose = Purpose::Login;
  std::string user;     // as typed; the directory decides what account that is
  std::string service;  // the PAM service
  std::string source;   // an address literal that the front end vouches for, or empty (S14)
  std::string rhost;    // for the log only
  std::string tty;      // for the log only
  std::string ruser;    // for the log only
  std::string locale;
  bool interactive = true;      // somebody can answer (S27)
  bool local_terminal = false;  // a console of this machine
};

}  // namespace twinlock

#endif
