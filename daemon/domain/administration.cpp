// SPDX-License-Identifier: MIT
#include "daemon/domain/administration.h"

#include <algorithm>
#include <utility>

#include "daemon/domain/lockout.h"

namespace twinlock {

std::string_view state_name(const UserSummary& user,
                            const Result<std::optional<Account>>& found,
                            WallTime now) {
  if (found && !*found) return "gone";
  if (found && (*found)->uid != user.account.uid) return "foreign-uid";
  if (user.blocked) return "blocked";
  if (is_disabled(Budget::ShortCode, user.short_code)) return "disabled";
  return hold_until(Budget::ShortCode, user.short_code, now) ? "held" : "active";
}

Result<AuditEvent> Administration::event_now(AuditEventType type, const Actor& actor) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  AuditEvent event{};
  event.time = now->wall;
  event.type = type;
  attribute(event, actor);
  return event;
}

Result<Administration::Named> Administration::find_named(std::string_view name) {
  const Error nobody{ErrorCode::NotFound, "there is no account of this name"};
  if (!is_account_name(name)) return nobody;
  const auto found = ports_.directory.find(name);
  if (!found) return found.error();
  if (*found) return Named{**found, false};
  const auto methods = ports_.methods.methods_of(name);
  if (!methods) return methods.error();
  if (methods->empty()) return nobody;
  return Named{methods->back().owner, true};
}

Result<Account> Administration::account_named(std::string_view name) {
  const auto found = find_named(name);
  if (!found) return found.error();
  return found->account;
}

Result<AccountStatus> Administration::status_named(std::string_view name) {
  const auto found = find_named(name);
  if (!found) return found.error();
  auto status = status_of(found->account);
  if (!status) return status;
  auto known = *std::move(status);
  known.gone = found->gone;
  return known;
}

Result<AccountStatus> Administration::status_of(const Account& account) {
  const auto settings = ports_.settings.settings_for(account);
  if (!settings) return settings.error();
  const auto* const runtime = &settings->settings;
  const auto methods = ports_.methods.methods_of(account.name);
  if (!methods) return methods.error();
  const auto set = ports_.verifiers.recovery_set(account);
  if (!set) return set.error();
  const auto attempts = ports_.verifiers.attempts(account, Budget::ShortCode, {});
  if (!attempts) return attempts.error();
  const auto now = ports_.clock.now();
  if (!now) return now.error();

  AccountStatus status;
  status.account = account;
  status.policy = runtime->policy;
  status.factors = runtime->enabled;
  status.blocked = settings->blocked;
  status.demanded = runtime->policy != LoginPolicy::None || is_privileged(account);
  status.recovery_codes_left = *set ? (*set)->left : 0;
  status.hold_until = hold_until(Budget::ShortCode, *attempts, now->wall);
  status.short_codes_disabled = is_disabled(Budget::ShortCode, *attempts);
  // A recovery code that was made is accepted whether or not the factor is on (judgement.cpp).
  const auto is_accepted = [&](MethodType type) {
    const auto& on = runtime->enabled;
    return type == MethodType::RecoveryCode ||
           std::find(on.begin(), on.end(), factor_of(type)) != on.end();
  };
  for (const auto& method : *methods) {
    if (method.owner.uid != account.uid) status.foreign_uid = true;
    if (!is_usable_by(method, account)) continue;
    if (method.type != MethodType::RecoveryCode) ++status.otp_methods;
    if (is_accepted(method.type)) status.enrolled = true;
  }
  return status;
}

Result<std::vector<UserSummary>> Administration::users_after(std::string_view name, int limit) {
  return ports_.users.users_after(name, limit);
}

Result<int> Administration::reset(std::string_view name, const Actor& actor) {
  const auto account = account_named(name);
  if (!account) return account.error();
  auto event = event_now(AuditEventType::UserReset, actor);
  if (!event) return event.error();
  AuditEvent record = *std::move(event);
  record.user = account->name;
  record.uid = account->uid;
  const auto removed = ports_.methods.remove_methods_of(account->name, record);
  if (!removed) return removed.error();
  ports_.audit.written(record);
  return *removed;
}

Status Administration::unlock(std::string_view name, const Actor& actor) {
  const auto account = account_named(name);
  if (!account) return account.error();
  auto event = event_now(AuditEventType::UserUnlocked, actor);
  if (!event) return event.error();
  AuditEvent record = *std::move(event);
  record.user = account->name;
  record.uid = account->uid;
  const auto forgotten = ports_.users.forget_attempts(account->name, record);
  if (!forgotten) return forgotten.error();
  if (*forgotten > 0) ports_.audit.written(record);
  return Done{};
}

Result<RuntimeSettings> Administration::settings() { return ports_.settings.settings(); }

Status Administration::set_policy(LoginPolicy policy, const Actor& actor) {
  const auto before = ports_.settings.settings();
  if (!before) return before.error();
  if (before->policy == policy) return Done{};
  auto event = event_now(AuditEventType::PolicyChanged, actor);
  if (!event) return event.error();
  AuditEvent record = *std::move(event);
  record.detail = std::string(login_policy_name(before->policy)) + " to " +
                  std::string(login_policy_name(policy));
  auto done = ports_.settings.set_policy(policy, record);
  if (done) ports_.audit.written(record);
  return done;
}

Status Administration::set_factor(Factor factor, bool enabled, const Actor& actor) {
  const auto before = ports_.settings.settings();
  if (!before) return before.error();
  const auto& on = before->enabled;
  if ((std::find(on.begin(), on.end(), factor) != on.end()) == enabled) return Done{};
  auto event = event_now(AuditEventType::FactorChanged, actor);
  if (!event) return event.error();
  AuditEvent record = *std::move(event);
  record.detail = std::string(factor_name(factor)) + (enabled ? " on" : " off");
  auto done = ports_.settings.set_factor(factor, enabled, record);
  if (done) ports_.audit.written(record);
  return done;
}

}  // namespace twinlock
