// SPDX-License-Identifier: MIT
#include "daemon/dbus/administration_object.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

#include "common/encoding.h"
#include "daemon/dbus/wire_step.h"
#include "daemon/domain/scope.h"

namespace twinlock::dbus {
namespace {

constexpr std::uint32_t kLargestPage = 1000;
constexpr auto kNewest = std::numeric_limits<std::uint64_t>::max();

Actor actor_of(const Caller& caller) {
  const auto uid = "uid " + std::to_string(caller.uid);
  return caller.uid == 0 ? uid : uid + " by polkit";
}

Authority authority_of(const Caller& caller) { return {actor_of(caller), true, std::nullopt}; }

Outcome<> outcome_of(const twinlock::Status& status) {
  if (!status) return status.error();
  return std::tuple<>();
}

Outcome<> outcome_of(const twinlock::Result<Confirmation>& confirmation) {
  if (!confirmation) return confirmation.error();
  if (*confirmation == Confirmation::WrongCode) return wrong_code();
  return std::tuple<>();
}

twinlock::Status check_page(std::uint32_t limit) {
  if (limit >= 1 && limit <= kLargestPage) return Done{};
  return Error{ErrorCode::InvalidInput, "limit has to be from 1 to 1000"};
}

}  // namespace

std::string AdministrationObject::state_of(const UserSummary& user, WallTime now) {
  return std::string(state_name(user, services_.directory.find(user.account.name), now));
}

void AdministrationObject::ListUsers(sdbus::Result<std::vector<WireUser>>&& result,
                                     std::string after,
                                     std::uint32_t limit) {
  dispatch(
      "Administration1.ListUsers",
      std::move(result),
      [this, after = std::move(after), limit](const Caller&) -> Outcome<std::vector<WireUser>> {
        if (const auto checked = check_page(limit); !checked) return checked.error();
        const auto now = services_.clock.now();
        if (!now) return now.error();
        const auto users = services_.administration.users_after(after, static_cast<int>(limit));
        if (!users) return users.error();
        std::vector<WireUser> wire;
        for (const auto& user : *users) {
          wire.emplace_back(user.account.name,
                            user.account.uid,
                            static_cast<std::uint32_t>(user.confirmed_methods),
                            state_of(user, now->wall));
        }
        return std::tuple(wire);
      });
}

void AdministrationObject::UserStatus(sdbus::Result<std::string>&& result, std::string user) {
  dispatch("Administration1.UserStatus",
           std::move(result),
           [this, user = std::move(user)](const Caller&) -> Outcome<std::string> {
             const auto status = services_.administration.status_named(user);
             if (!status) return status.error();
             return std::tuple(to_json(*status));
           });
}

void AdministrationObject::ListMethods(sdbus::Result<std::vector<WireMethod>>&& result,
                                       std::string user) {
  dispatch("Administration1.ListMethods",
           std::move(result),
           [this, user = std::move(user)](const Caller&) -> Outcome<std::vector<WireMethod>> {
             const auto account = services_.administration.account_named(user);
             if (!account) return account.error();
             const auto settings = services_.administration.settings();
             if (!settings) return settings.error();
             const auto methods = services_.enrollment.methods_of(account->name);
             if (!methods) return methods.error();
             return std::tuple(to_wire(*methods, *account, settings->enabled));
           });
}

void AdministrationObject::EnrollOtp(sdbus::Result<std::string, std::string, std::string>&& result,
                                     std::string user,
                                     std::string type,
                                     std::string name,
                                     std::string algorithm,
                                     std::uint32_t digits,
                                     std::uint32_t period) {
  OtpArguments arguments{std::move(type), std::move(name), std::move(algorithm), digits, period};
  dispatch("Administration1.EnrollOtp",
           std::move(result),
           [this, user = std::move(user), arguments = std::move(arguments)](
               const Caller& caller) -> Outcome<std::string, std::string, std::string> {
             const auto request = parse_otp(arguments);
             if (!request) return request.error();
             const auto account = services_.administration.account_named(user);
             if (!account) return account.error();
             const auto made =
                 services_.enrollment.enroll_otp(*account, *request, authority_of(caller));
             if (!made) return made.error();
             return std::tuple(to_text(made->id), base32_encode(made->seed.bytes()), made->uri);
           });
}

void AdministrationObject::ConfirmOtp(sdbus::Result<>&& result,
                                      std::string user,
                                      std::string id,
                                      std::string code) {
  MessageHandle::mark_sensitive(current_message(object_));
  dispatch("Administration1.ConfirmOtp",
           std::move(result),
           [this, user = std::move(user), id = std::move(id), code = take_secret(code)](
               const Caller& caller) -> Outcome<> {
             const auto method = parse_method_id(id);
             if (!method) return method.error();
             const auto account = services_.administration.account_named(user);
             if (!account) return account.error();
             return outcome_of(
                 services_.enrollment.confirm_otp(*account, *method, code, authority_of(caller)));
           });
}

void AdministrationObject::ResynchronizeOtp(sdbus::Result<>&& result,
                                            std::string user,
                                            std::string id,
                                            std::string first_code,
                                            std::string second_code) {
  MessageHandle::mark_sensitive(current_message(object_));
  dispatch("Administration1.ResynchronizeOtp",
           std::move(result),
           [this,
            user = std::move(user),
            id = std::move(id),
            first = take_secret(first_code),
            second = take_secret(second_code)](const Caller& caller) -> Outcome<> {
             const auto method = parse_method_id(id);
             if (!method) return method.error();
             const auto account = services_.administration.account_named(user);
             if (!account) return account.error();
             return outcome_of(services_.enrollment.resynchronize(
                 *account, *method, first, second, authority_of(caller)));
           });
}

void AdministrationObject::RemoveMethod(sdbus::Result<>&& result,
                                        std::string user,
                                        std::string id) {
  dispatch(
      "Administration1.RemoveMethod",
      std::move(result),
      [this, user = std::move(user), id = std::move(id)](const Caller& caller) -> Outcome<> {
        const auto method = parse_method_id(id);
        if (!method) return method.error();
        const auto account = services_.administration.account_named(user);
        if (!account) return account.error();
        return outcome_of(services_.enrollment.remove(*account, *method, authority_of(caller)));
      });
}

void AdministrationObject::RenameMethod(sdbus::Result<>&& result,
                                        std::string user,
                                        std::string id,
                                        std::string name) {
  dispatch("Administration1.RenameMethod",
           std::move(result),
           [this, user = std::move(user), id = std::move(id), name = std::move(name)](
               const Caller& caller) -> Outcome<> {
             const auto method = parse_method_id(id);
             if (!method) return method.error();
             const auto account = services_.administration.account_named(user);
             if (!account) return account.error();
             return outcome_of(
                 services_.enrollment.rename(*account, *method, name, authority_of(caller)));
           });
}

void AdministrationObject::MakeRecoveryCodes(sdbus::Result<Texts>&& result, std::string user) {
  dispatch("Administration1.MakeRecoveryCodes",
           std::move(result),
           [this, user = std::move(user)](const Caller& caller) -> Outcome<Texts> {
             const auto account = services_.administration.account_named(user);
             if (!account) return account.error();
             const auto codes =
                 services_.enrollment.make_recovery_codes(*account, authority_of(caller));
             if (!codes) return codes.error();
             return std::tuple(*codes);
           });
}

void AdministrationObject::ResetUser(sdbus::Result<std::uint32_t>&& result, std::string user) {
  dispatch("Administration1.ResetUser",
           std::move(result),
           [this, user = std::move(user)](const Caller& caller) -> Outcome<std::uint32_t> {
             const auto removed = services_.administration.reset(user, actor_of(caller));
             if (!removed) return removed.error();
             return std::tuple(static_cast<std::uint32_t>(*removed));
           });
}

void AdministrationObject::UnlockUser(sdbus::Result<>&& result, std::string user) {
  dispatch("Administration1.UnlockUser",
           std::move(result),
           [this, user = std::move(user)](const Caller& caller) -> Outcome<> {
             const auto actor = actor_of(caller);
             const auto account = services_.administration.account_named(user);
             if (!account) return account.error();
             const auto unlocked = services_.administration.unlock(user, actor);
             if (!unlocked) return unlocked.error();
             return outcome_of(services_.users.unblock(*account, actor));
           });
}

void AdministrationObject::Policy(sdbus::Result<std::string>&& result) {
  dispatch(
      "Administration1.Policy", std::move(result), [this](const Caller&) -> Outcome<std::string> {
        const auto settings = services_.administration.settings();
        if (!settings) return settings.error();
        return std::tuple(std::string(login_policy_name(settings->policy)));
      });
}

void AdministrationObject::SetPolicy(sdbus::Result<>&& result, std::string policy) {
  dispatch("Administration1.SetPolicy",
           std::move(result),
           [this, policy = std::move(policy)](const Caller& caller) -> Outcome<> {
             const auto named = login_policy_named(policy);
             if (!named) {
               return Error{ErrorCode::InvalidInput,
                            "policy has to be all-applications, confidence-score or none"};
             }
             return outcome_of(services_.administration.set_policy(*named, actor_of(caller)));
           });
}

void AdministrationObject::Factors(sdbus::Result<std::vector<WireFactor>>&& result) {
  dispatch("Administration1.Factors",
           std::move(result),
           [this](const Caller&) -> Outcome<std::vector<WireFactor>> {
             const auto settings = services_.administration.settings();
             if (!settings) return settings.error();
             const auto& on = settings->enabled;
             std::vector<WireFactor> wire;
             wire.reserve(kFactors.size());
             for (const auto factor : kFactors) {
               wire.emplace_back(std::string(factor_name(factor)),
                                 std::find(on.begin(), on.end(), factor) != on.end());
             }
             return std::tuple(wire);
           });
}

void AdministrationObject::SetFactor(sdbus::Result<>&& result, std::string name, bool enabled) {
  dispatch(
      "Administration1.SetFactor",
      std::move(result),
      [this, name = std::move(name), enabled](const Caller& caller) -> Outcome<> {
        const auto factor = factor_named(name);
        if (!factor) {
          return Error{ErrorCode::InvalidInput,
                       "name has to be sms, push-notification, otp, email, duo, "
                       "webauthn-roaming, webauthn-platform or recovery-code"};
        }
        return outcome_of(services_.administration.set_factor(*factor, enabled, actor_of(caller)));
      });
}

void AdministrationObject::CreateApiClient(sdbus::Result<std::string, std::string>&& result,
                                           std::string name,
                                           std::string scopes,
                                           std::string networks,
                                           std::string groups,
                                           std::string users,
                                           std::string public_key,
                                           std::uint32_t token_lifetime) {
  ApiClientRequest request;
  request.name = std::move(name);
  request.scopes = split_words(scopes);
  request.networks = split_words(networks);
  request.users = {.groups = split_words(groups), .names = std::move(users)};
  request.public_key = std::move(public_key);
  request.token_lifetime = std::chrono::seconds(token_lifetime);
  dispatch("Administration1.CreateApiClient",
           std::move(result),
           [this, request = std::move(request)](
               const Caller& caller) -> Outcome<std::string, std::string> {
             const auto made = services_.api_access.create(request, actor_of(caller));
             if (!made) return made.error();
             return std::tuple(made->id, std::string(made->secret.text()));
           });
}

void AdministrationObject::ListApiClients(sdbus::Result<Texts>&& result) {
  dispatch(
      "Administration1.ListApiClients", std::move(result), [this](const Caller&) -> Outcome<Texts> {
        const auto clients = services_.api_access.clients();
        if (!clients) return clients.error();
        Texts texts;
        for (const auto& client : *clients) texts.push_back(to_json(client));
        return std::tuple(texts);
      });
}

void AdministrationObject::RotateApiClient(sdbus::Result<std::string>&& result, std::string id) {
  dispatch("Administration1.RotateApiClient",
           std::move(result),
           [this, id = std::move(id)](const Caller& caller) -> Outcome<std::string> {
             const auto secret = services_.api_access.rotate(id, actor_of(caller));
             if (!secret) return secret.error();
             return std::tuple(std::string(secret->text()));
           });
}

void AdministrationObject::DeleteApiClient(sdbus::Result<>&& result, std::string id) {
  dispatch("Administration1.DeleteApiClient",
           std::move(result),
           [this, id = std::move(id)](const Caller& caller) -> Outcome<> {
             return outcome_of(services_.api_access.remove(id, actor_of(caller)));
           });
}

void AdministrationObject::ReadLog(sdbus::Result<Texts>&& result,
                                   std::uint64_t after,
                                   std::uint32_t limit,
                                   std::string user) {
  dispatch("Administration1.ReadLog",
           std::move(result),
           [this, after, limit, user = std::move(user)](const Caller&) -> Outcome<Texts> {
             if (const auto checked = check_page(limit); !checked) return checked.error();
             AuditQuery query;
             query.newest = after == kNewest;
             query.after = query.newest ? 0 : after;
             query.limit = static_cast<int>(limit);
             query.user = user;
             const auto records = services_.audit.read(query);
             if (!records) return records.error();
             Texts texts;
             for (const auto& record : *records) texts.push_back(to_json(record));
             return std::tuple(texts);
           });
}

void AdministrationObject::VerifyLog(sdbus::Result<std::uint64_t, std::string>&& result) {
  dispatch("Administration1.VerifyLog",
           std::move(result),
           [this](const Caller&) -> Outcome<std::uint64_t, std::string> {
             const auto verified = services_.audit.verify();
             if (!verified) return verified.error();
             if (!verified->finding.empty()) {
               services_.log.problem(Severity::Alert, "audit", verified->finding);
             }
             return std::tuple(verified->records, verified->finding);
           });
}

twinlock::Result<std::uint64_t> AdministrationObject::count_accounts() {
  std::uint64_t count = 0;
  std::string after;
  for (;;) {
    const auto page = services_.administration.users_after(after, kLargestPage);
    if (!page) return page.error();
    count += page->size();
    if (page->size() < kLargestPage) return count;
    after = page->back().account.name;
  }
}

void AdministrationObject::DaemonStatus(sdbus::Result<std::string>&& result) {
  dispatch("Administration1.DaemonStatus",
           std::move(result),
           [this](const Caller&) -> Outcome<std::string> {
             const auto settings = services_.administration.settings();
             if (!settings) return settings.error();
             const auto accounts = count_accounts();
             if (!accounts) return accounts.error();
             AuditQuery newest;
             newest.newest = true;
             newest.limit = 1;
             const auto head = services_.audit.read(newest);
             if (!head) return head.error();
             return std::tuple(to_json(
                 DaemonState{services_.version, services_.started, *settings, *accounts, *head}));
           });
}

}  // namespace twinlock::dbus
