// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_CLIENT_FIXTURE_H
#define TWINLOCK_TESTS_INTEGRATION_CLIENT_FIXTURE_H

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <utility>

#include "tests/integration/client/command.h"
#include "tests/integration/client/private_bus.h"
#include "tests/integration/client/scripted_daemon.h"

namespace twinlock::client {

// A private bus, and on it a daemon once start() has given it a script.
class ClientTest : public testing::Test {
 protected:
  void start(Script script = {}) { daemon_.emplace(bus_.address(), std::move(script)); }

  [[nodiscard]] Arguments on_bus(Arguments arguments) const {
    arguments.insert(arguments.begin(), {"--bus", bus_.address()});
    return arguments;
  }
  [[nodiscard]] Finished twinlock(const Arguments& arguments, std::string_view input = {}) const {
    return run(on_bus(arguments), input);
  }
  [[nodiscard]] std::vector<std::string> calls() const { return daemon_->calls(); }

  PrivateBus bus_;
  std::optional<ScriptedDaemon> daemon_;
};

}  // namespace twinlock::client

#endif
