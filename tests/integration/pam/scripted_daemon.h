// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_PAM_SCRIPTED_DAEMON_H
#define TWINLOCK_TESTS_INTEGRATION_PAM_SCRIPTED_DAEMON_H

#include <systemd/sd-bus.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace twinlock::test {

using Bytes = std::vector<std::uint8_t>;

// A call of Login1 as it arrived.
struct Call {
  std::string method;
  Bytes nonce;
  Bytes previous_nonce;      // of Answer
  std::string conversation;  // of Answer and Cancel
  std::string user;          // of Begin, as all that follow
  std::string service;
  std::string source;
  std::string rhost;
  std::string tty;
  std::string ruser;
  std::string locale;
  std::uint32_t capabilities = 0;
  std::string answer;
};

// What to do with a call. What isn't set is as it should be.
struct Action {
  enum class Way {
    Reply,
    Silence,           // never an answer
    Vanish,            // the connection is gone without one; a new one comes after `away`
    BusError,          // an error in its place
    AnotherSignature,  // a method return of a later version
  };

  Way way = Way::Reply;
  std::uint32_t kind = 7;
  std::string text = {};
  std::vector<std::pair<std::uint32_t, std::string>> messages = {};
  std::optional<Bytes> nonce = {};
  std::optional<std::string> conversation = {};
  std::optional<std::string> user = {};
  std::chrono::milliseconds away{0};
};

using Script = std::function<Action(const Call& call)>;

// Owns the daemon's name on the bus at `address` and acts by `script`, until `stop_fd` is readable
// or the bus is gone.
// `ready` is called once the name is there.
void serve_logins(const std::string& address,
                  const Script& script,
                  int stop_fd,
                  const std::function<void()>& ready);

// The same, on a thread of its own for as long as the object lives. The script runs on that thread.
class ScriptedDaemon {
 public:
  ScriptedDaemon(const std::string& address, Script script);
  ScriptedDaemon(const ScriptedDaemon&) = delete;
  ScriptedDaemon& operator=(const ScriptedDaemon&) = delete;
  ~ScriptedDaemon();

  [[nodiscard]] std::vector<Call> calls() const;
  [[nodiscard]] std::vector<Call> calls(const std::string& method) const;

 private:
  mutable std::mutex mutex_;
  std::vector<Call> calls_;
  int stop_fd_;
  std::thread thread_;
};

// A daemon for a login with one prompt: `right` is granted, all else denied.
Script grants_for(const std::string& right);

// The same decision for everybody, at once.
Script decides(std::uint32_t kind, const std::string& text = {});

}  // namespace twinlock::test

#endif
