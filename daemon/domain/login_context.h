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

// From where a login speaks, as far as that can be relied on. What somebody elsewhere does with the
// user's password doesn't close the others. Stored as numbers, which are never reused.
enum class Vantage {
  Elsewhere = 0,   // a network address, or nowhere in particular
  Console = 1,     // a console of this machine
  OwnSession = 2,  // sudo or su, run by the very user that it asks
};

// Who logs in, from where, through which service: as the front end reports it.
struct LoginContext {
  Nonce nonce{};
  Purpose purpose = Purpose::Login;
  std::string user;     // as typed; the directory decides what account that is
  std::string service;  // the PAM service
  std::string source;   // an address literal that the front end vouches for, or empty (S14)
  std::string rhost;    // for the log only
  std::string tty;      // for the log only
  std::string ruser;    // who runs the program; believed of sudo and su alone
  std::string locale;
  bool interactive = true;      // somebody can answer (S27)
  bool local_terminal = false;  // a console of this machine
};

}  // namespace twinlock

#endif
