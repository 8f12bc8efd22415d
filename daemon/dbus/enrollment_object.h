// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_ENROLLMENT_OBJECT_H
#define TWINLOCK_DAEMON_DBUS_ENROLLMENT_OBJECT_H

#include "daemon/dbus/dispatcher.h"
#include "daemon/dbus/services.h"
#include "daemon/dbus/views.h"
#include "daemon/dbus/wire_step.h"
#include "stubs/org.twinlock.Enrollment1_adaptor.h"

namespace twinlock::dbus {

// Enrollment1: what callers may do to the account of their own effective uid, and to no other
// (S36).
class EnrollmentObject final : private Registered<org::twinlock::Enrollment1_adaptor> {
 public:
  // `services` outlive it.
  EnrollmentObject(sdbus::IObject& object, Dispatcher& dispatcher, const Services& services)
      : Registered(object), object_(object), dispatcher_(dispatcher), services_(services) {}

 private:
  void Status(sdbus::Result<std::string>&& result) override;
  void ListMethods(sdbus::Result<std::vector<WireMethod>>&& result) override;
  void Begin(StepResult&& result, Bytes nonce, std::string purpose, std::string locale) override;
  void Answer(StepResult&& result,
              std::string conversation,
              Bytes previous_nonce,
              Bytes nonce,
              Bytes answer) override;
  void Cancel(sdbus::Result<>&& result, std::string conversation) override;
  void EnrollOtp(sdbus::Result<std::string, std::string, std::string>&& result,
                 std::string proof,
                 std::string type,
                 std::string name,
                 std::string algorithm,
                 std::uint32_t digits,
                 std::uint32_t period) override;
  void ConfirmOtp(sdbus::Result<>&& result, std::string id, std::string code) override;
  void RemoveMethod(sdbus::Result<>&& result, std::string proof, std::string id) override;
  void RenameMethod(sdbus::Result<>&& result, std::string id, std::string name) override;
  void MakeRecoveryCodes(sdbus::Result<std::vector<std::string>>&& result,
                         std::string proof) override;

  // The account of the caller's uid; Forbidden if the directory has none.
  [[nodiscard]] twinlock::Result<Account> own_account(const Caller& caller);

  sdbus::IObject& object_;
  Dispatcher& dispatcher_;
  const Services& services_;
  Anybody rule_;
};

}  // namespace twinlock::dbus

#endif
