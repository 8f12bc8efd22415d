// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_DBUS_HARNESS_H
#define TWINLOCK_TESTS_INTEGRATION_DBUS_HARNESS_H

#include <gtest/gtest.h>
#include <systemd/sd-bus.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/login_wire.h"
#include "tests/integration/dbus/private_bus.h"

namespace twinlock::testing {

constexpr uid_t kNobody = 65534;

struct BusCloser {
  void operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }
};
using Bus = std::unique_ptr<sd_bus, BusCloser>;

struct MessageDropper {
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using BusMessage = std::unique_ptr<sd_bus_message, MessageDropper>;

// A connection to `address` as this process is; nothing if it is refused.
[[nodiscard]] Bus connect(const std::string& address);

// What a call came to: "" and the reply, or the name and the text of the error.
struct Reply {
  std::string error;
  std::string text;
  BusMessage message;
};

// Appends the arguments of one call.
using Fill = std::function<void(sd_bus_message*)>;

// The name that this process calls the daemon by: root has one of its own.
[[nodiscard]] const char* daemon_name();

// A call of `name`, to be sent; nothing if libsystemd refuses to make it.
[[nodiscard]] BusMessage new_call(sd_bus* bus,
                                  const char* name,
                                  const std::string& interface,
                                  const std::string& method);

[[nodiscard]] Reply call(sd_bus* bus,
                         const std::string& interface,
                         const std::string& method,
                         const Fill& fill = {},
                         const char* name = daemon_name());

// The error name (or "") of a call that a process of another uid makes on a connection of its own,
// of the name for everybody.
[[nodiscard]] std::string error_for(uid_t uid,
                                    const std::string& address,
                                    const std::string& interface,
                                    const std::string& method,
                                    const Fill& fill = {},
                                    const char* name = wire::kBusName);

// Runs `work` in a process of another uid and returns what it returns.
[[nodiscard]] std::string as_uid(uid_t uid, const std::function<std::string()>& work);

// Appends a harmless value of each type of a signature: "", 0, an empty array.
[[nodiscard]] Fill harmless(const std::string& signature);

// A value of a step (docs/login-protocol.md).
struct WireStep {
  std::string error;  // of the call
  std::vector<std::uint8_t> nonce;
  std::string conversation;
  std::string user;
  std::string messages;  // run together
  std::uint32_t kind = 0;
  std::string text;
  std::string reason;
};

[[nodiscard]] WireStep read_step(const Reply& reply);

using WireNonce = std::vector<std::uint8_t>;
// One that no other call has.
[[nodiscard]] WireNonce fresh_nonce();

[[nodiscard]] WireStep begin(sd_bus* bus, const WireNonce& nonce, const std::string& user);
[[nodiscard]] WireStep answer(sd_bus* bus,
                              const WireStep& before,
                              const WireNonce& nonce,
                              const std::string& answer);

// A twinlockd of its own on a bus of its own. Tests say when it starts.
class DaemonTest : public ::testing::Test {
 public:
  DaemonTest(const DaemonTest&) = delete;
  DaemonTest& operator=(const DaemonTest&) = delete;

 protected:
  DaemonTest();
  ~DaemonTest() override;

  void start_bus(BusPolicy policy = BusPolicy::Permissive);
  // Starts the daemon and returns when it says that it is ready.
  void start_daemon();
  void start(BusPolicy policy = BusPolicy::Permissive) {
    start_bus(policy);
    start_daemon();
  }
  // Starts it and returns its exit status, for what must not start.
  int run_daemon();
  // Waits until it has said this line through its notify socket.
  void await_notification(const std::string& line);
  // Leaves out what it has said there already.
  void skip_notifications() const;
  // Asks it to end, and waits until it has.
  void stop_daemon();
  // What it has said on standard error.
  [[nodiscard]] std::string log() const;
  // Waits until it has said `text` there.
  void await_log(const std::string& text) const;
  // Runs SQL on the store while no daemon does; the first column of the last row.
  std::string sql(const std::string& text) const;

  void configure(const std::string& more) { write_settings(more); }
  [[nodiscard]] std::string settings_file() const { return (directory_ / "t.toml").string(); }
  [[nodiscard]] std::string address() const { return bus_->address(); }
  [[nodiscard]] Bus root() const { return connect(address()); }

  // Enrolls and confirms a TOTP authenticator for `user`; returns its seed in base32. The code of
  // the moment before is used up by it.
  static std::string enroll(sd_bus* bus, const std::string& user);
  // Switches the factor and the policy on.
  static void demand_factor(sd_bus* bus);

  ScratchDirectory directory_;
  std::unique_ptr<PrivateBus> bus_;
  std::unique_ptr<Process> daemon_;
  std::vector<std::string> wrapper_;      // a command that ends by executing what follows it
  std::vector<std::string> environment_;  // of the daemon, besides the test's own

 private:
  void write_settings(const std::string& more);
  [[nodiscard]] std::unique_ptr<Process> launch();

  int notify_socket_ = -1;
};

// The code that an authenticator with this seed shows `steps` after now (RFC 6238, SHA-1, 6, 30 s).
[[nodiscard]] std::string totp(const std::string& base32_seed, int steps = 0);

}  // namespace twinlock::testing

#endif
