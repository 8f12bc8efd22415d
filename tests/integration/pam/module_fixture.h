// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_PAM_MODULE_FIXTURE_H
#define TWINLOCK_TESTS_INTEGRATION_PAM_MODULE_FIXTURE_H

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "tests/integration/pam/private_bus.h"
#include "tests/integration/pam/scripted_daemon.h"
#include "tests/unit/pam_module/pam_login.h"

namespace twinlock::test {

// A line of a stack that asks for a password, and takes any.
constexpr const char* kFirstFactor = "auth requisite " TWINLOCK_FIRST_FACTOR "\n";

// Whole logins through libpam: the real module, a real bus, a scripted daemon and person.
class PamModule : public testing::Test {
 protected:
  std::string line(const std::string& control = "required", const std::string& more = {}) const {
    return "auth " + control + " " TWINLOCK_PAM_MODULE " bus=" + bus_.address() + " " + more + "\n";
  }

  // One login as alice by ssh, with `answers`, against a daemon that follows `script`.
  int login(const Script& script, std::deque<std::string> answers = {"123456"}) {
    const ScriptedDaemon daemon(bus_.address(), script);
    return login(std::move(answers));
  }
  int login(std::deque<std::string> answers = {"123456"}) {
    login_ = std::make_unique<PamLogin>("sshd", "alice", line());
    login_->answers = std::move(answers);
    return login_->authenticate();
  }

  PrivateBus bus_;
  std::unique_ptr<PamLogin> login_;
};

inline Action prompt() { return {.kind = 1, .text = "Verification code: "}; }

// A script that asks once and then does `action`.
inline Script then(const Action& action) {
  return [action](const Call& call) { return call.method == "Begin" ? prompt() : action; };
}

}  // namespace twinlock::test

#endif
