// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_CONVERSATION_H
#define TWINLOCK_CLIENT_CONVERSATION_H

#include <optional>
#include <string>
#include <utility>

#include "client/daemon_proxy.h"
#include "client/session.h"
#include "common/result.h"

namespace twinlock::client {

// Carries messages between the daemon and the person until the daemon decides, as the PAM module
// does in a login; knows no factor and no policy. Returns the step that decides; nothing if the
// person gave up (Ctrl-C, Ctrl-D, a bare Enter), after the conversation was cancelled.
// `purpose` is "test" or "proof".
Result<std::optional<Step>> converse(Session& session, const std::string& purpose);

// Shows that the person holds an authenticator, where the daemon wants that, and remembers it: one
// answer serves every change that a command makes.
class Proof {
 public:
  explicit Proof(Session& session) : session_(session) {}

  // `act(proof)` is a call of Account that returns nothing when it needs a proof. It is tried as
  // it is, then with one; the daemon is asked rather than guessed at. Nothing: the person did not
  // give the proof, and has been told.
  template <typename Act>
  auto with_proof(Act act) -> decltype(act(std::string())) {
    auto result = act(id_);
    if (!result || *result) return result;
    const auto proven = obtain();
    if (!proven) return proven.error();
    if (*proven == Outcome::Refused) return result;
    return act(id_);
  }

  // A line for the person, should the question come after all.
  void say_before_asking(std::string remark) { remark_ = std::move(remark); }

  [[nodiscard]] const std::string& id() const { return id_; }

 private:
  enum class Outcome { Refused, Proven };
  Result<Outcome> obtain();

  Session& session_;
  std::string id_;
  std::string remark_;
};

}  // namespace twinlock::client

#endif
