// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DBUS_ADMINISTRATION_OBJECT_H
#define TWINLOCK_DAEMON_DBUS_ADMINISTRATION_OBJECT_H

#include "daemon/dbus/dispatcher.h"
#include "daemon/dbus/services.h"
#include "daemon/dbus/views.h"
#include "stubs/org.twinlock.Administration1_adaptor.h"

namespace twinlock::dbus {

// Administration1, for root and whom polkit allows.
class AdministrationObject final : private Registered<org::twinlock::Administration1_adaptor> {
 public:
  // `services` outlive it.
  AdministrationObject(sdbus::IObject& object, Dispatcher& dispatcher, const Services& services)
      : Registered(object),
        object_(object),
        dispatcher_(dispatcher),
        services_(services),
        rule_(services.log) {}

 private:
  using WireUser = sdbus::Struct<std::string, std::uint32_t, std::uint32_t, std::string>;
  using WireFactor = sdbus::Struct<std::string, bool>;
  using Texts = std::vector<std::string>;

  void ListUsers(sdbus::Result<std::vector<WireUser>>&& result,
                 std::string after,
                 std::uint32_t limit) override;
  void UserStatus(sdbus::Result<std::string>&& result, std::string user) override;
  void ListMethods(sdbus::Result<std::vector<WireMethod>>&& result, std::string user) override;
  void EnrollOtp(sdbus::Result<std::string, std::string, std::string>&& result,
                 std::string user,
                 std::string type,
                 std::string name,
                 std::string algorithm,
                 std::uint32_t digits,
                 std::uint32_t period) override;
  void ConfirmOtp(sdbus::Result<>&& result,
                  std::string user,
                  std::string id,
                  std::string code) override;
  void ResynchronizeOtp(sdbus::Result<>&& result,
                        std::string user,
                        std::string id,
                        std::string first_code,
                        std::string second_code) override;
  void RemoveMethod(sdbus::Result<>&& result, std::string user, std::string id) override;
  void RenameMethod(sdbus::Result<>&& result,
                    std::string user,
                    std::string id,
                    std::string name) override;
  void MakeRecoveryCodes(sdbus::Result<Texts>&& result, std::string user) override;
  void ResetUser(sdbus::Result<std::uint32_t>&& result, std::string user) override;
  void UnlockUser(sdbus::Result<>&& result, std::string user) override;
  void Policy(sdbus::Result<std::string>&& result) override;
  void SetPolicy(sdbus::Result<>&& result, std::string policy) override;
  void Factors(sdbus::Result<std::vector<WireFactor>>&& result) override;
  void SetFactor(sdbus::Result<>&& result, std::string name, bool enabled) override;
  void CreateApiClient(sdbus::Result<std::string, std::string>&& result,
                       std::string name,
                       std::string scopes,
                       std::string networks,
                       std::string groups,
                       std::string users,
                       std::string public_key,
                       std::uint32_t token_lifetime) override;
  void ListApiClients(sdbus::Result<Texts>&& result) override;
  void RotateApiClient(sdbus::Result<std::string>&& result, std::string id) override;
  void DeleteApiClient(sdbus::Result<>&& result, std::string id) override;
  void ReadLog(sdbus::Result<Texts>&& result,
               std::uint64_t after,
               std::uint32_t limit,
               std::string user) override;
  void VerifyLog(sdbus::Result<std::uint64_t, std::string>&& result) override;
  void DaemonStatus(sdbus::Result<std::string>&& result) override;

  // dispatch() with what is the same for all of them.
  template <typename... Values, typename Work>
  void dispatch(const char* method, sdbus::Result<Values...>&& result, Work work) {
    dispatcher_.dispatch(object_, method, rule_, std::move(result), std::move(work));
  }

  [[nodiscard]] std::string state_of(const UserSummary& user, WallTime now);
  [[nodiscard]] twinlock::Result<std::uint64_t> count_accounts();

  sdbus::IObject& object_;
  Dispatcher& dispatcher_;
  const Services& services_;
  RootOrPolkit rule_;
};

}  // namespace twinlock::dbus

#endif
