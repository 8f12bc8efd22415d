// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_INTEGRATION_CLIENT_SCRIPTED_DAEMON_H
#define TWINLOCK_TESTS_INTEGRATION_CLIENT_SCRIPTED_DAEMON_H

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/daemon_proxy.h"
#include "common/login_wire.h"

namespace twinlock::client {

// What the scripted daemon answers, and what it was asked.
struct Script {
  // Of a conversation: the step after the n-th answer; Begin gives the first one.
  std::vector<Step> steps;
  // Whether changes of the caller's own account need a proof, which is then "conversation-1".
  bool proof_required = false;
  bool proof_required_once_confirmed = false;
  std::string right_code = "123456";
  std::vector<Method> methods;
  std::vector<User> users{{"alice", 1000, 2, "active"}, {"bob", 1001, 1, "held"}};
  std::vector<std::string> records;  // of the audit log, in order, numbered from 1
  std::string finding;               // of VerifyLog
  std::vector<std::string> recovery_codes{"AAAA-BBBB", "CCCC-DDDD"};
  std::uint32_t removed = 3;  // by ResetUser
  std::vector<std::string> clients;
  std::string client_id = "abcdefghijklmnopqrstuvwxyz012345";
  std::string client_secret = "tls_secret";
  std::string status =
      R"({"account": "alice", "enrolled": true, "factors": ["otp", "recovery-code"]})";
  // Set: each call fails with this name and text.
  std::optional<std::pair<std::string, std::string>> error;
  bool wrong_nonce = false;  // answers as if to another question

  std::vector<std::string> calls;  // "EnrollOtp proof= totp phone SHA1 6 30"
};

// Both interfaces, generated from the files that the real daemon is generated from, on `address`
// under the real name. Answers from a thread of its own.
class ScriptedDaemon {
 public:
  explicit ScriptedDaemon(const std::string& address, Script script = {});
  ScriptedDaemon(const ScriptedDaemon&) = delete;
  ScriptedDaemon& operator=(const ScriptedDaemon&) = delete;
  ~ScriptedDaemon();

  [[nodiscard]] std::vector<std::string> calls() const;
  void append_record(std::string record);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Steps for scripts.
[[nodiscard]] Step prompt(std::string text, std::vector<Message> messages = {});
[[nodiscard]] Step decision(wire::StepKind kind, std::string reason, std::string text = {});

}  // namespace twinlock::client

#endif
