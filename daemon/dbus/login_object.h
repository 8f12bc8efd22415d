// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_LOGIN_OBJECT_H
#define TWINLOCK_DAEMON_DBUS_LOGIN_OBJECT_H

#include "daemon/dbus/dispatcher.h"
#include "daemon/dbus/wire_step.h"
#include "daemon/domain/conversation_engine.h"
#include "stubs/org.twinlock.Login1_adaptor.h"

namespace twinlock::dbus {

// Login1 on the conversation engine, for root alone: not even for the daemon's own user.
class LoginObject final : private Registered<org::twinlock::Login1_adaptor> {
 public:
  LoginObject(sdbus::IObject& object, Dispatcher& dispatcher, ConversationEngine& engine)
      : Registered(object), object_(object), dispatcher_(dispatcher), engine_(engine) {}

 private:
  void Begin(StepResult&& result,
             Bytes nonce,
             std::string user,
             std::string service,
             std::string source,
             std::string rhost,
             std::string tty,
             std::string ruser,
             std::string locale,
             std::uint32_t capabilities) override;
  void Answer(StepResult&& result,
              std::string conversation,
              Bytes previous_nonce,
              Bytes nonce,
              Bytes answer) override;
  void Cancel(sdbus::Result<>&& result, std::string conversation) override;

  sdbus::IObject& object_;
  Dispatcher& dispatcher_;
  ConversationEngine& engine_;
  RootOnly rule_;
};

}  // namespace twinlock::dbus

#endif
