// SPDX-License-Identifier: MIT
#include "daemon/domain/method_administration.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "daemon/domain/limits.h"
#include "daemon/domain/recovery_code.h"
#include "daemon/domain/user_event.h"
#include "daemon/domain/user_id.h"

namespace twinlock {
namespace {

constexpr std::size_t kBitsOfACharacter = 5;

Error not_found() { return {ErrorCode::NotFound, "no such authentication method of this user"}; }
Error exists() { return {ErrorCode::Conflict, "Authentication method already exists."}; }
Error too_many() {
  return {ErrorCode::LimitExceeded,
          "You reached the limit of entities of this type for this user."};
}

// How many of a type, or of the types that count with it, one user may have.
EnrolledLimits limits_of(MethodType type) {
  EnrolledLimits limits{{type}, kOtpMethodsPerUser, kUnconfirmedPerUser};
  if (is_key(type)) {
    limits.counted = {
        MethodType::WebauthnRoaming, MethodType::WebauthnPlatform, MethodType::Passkey};
    limits.most = kKeysPerUser;
  }
  if (type == MethodType::Totp) limits.counted.push_back(MethodType::Hotp);
  return limits;
}

int value_of(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return c - 'A';
  return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

AuditEvent about(AuditEvent event, const AuthenticationMethod& method) {
  event.method_type = method.type;
  event.method_id = method.id;
  return event;
}

AuditEventType type_of_making(const AuthenticationMethod& method) {
  return method.confirmed ? AuditEventType::MethodEnrolled : AuditEventType::EnrollmentStarted;
}

bool is_over(const AuthenticationMethod& method, WallTime now) {
  return !method.confirmed && now - method.created >= kUnconfirmedLifetime;
}

// Whether these can stand beside each other.
Status check_together(const std::vector<MethodRequest>& requests) {
  std::set<std::string> identities;
  for (const auto& request : requests) {
    const auto identity = identity_of(request.data);
    if (!identity.empty() && !identities.insert(identity).second) return exists();
    const auto limits = limits_of(request.type);
    const auto count = std::count_if(requests.begin(), requests.end(), [&](const auto& other) {
      const auto& counted = limits.counted;
      return std::find(counted.begin(), counted.end(), other.type) != counted.end();
    });
    if (static_cast<std::size_t>(count) > limits.most) return too_many();
  }
  return Done{};
}

}  // namespace

std::optional<Secret> parse_seed(std::string_view text) {
  Secret seed(kMaxSeedBytes);
  std::size_t length = 0;
  std::uint32_t bits = 0;
  std::size_t held = 0;
  for (const char c : text) {
    if (c == ' ' || c == '-' || c == '=') continue;
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    bits = (bits << kBitsOfACharacter | static_cast<std::uint32_t>(value)) & 0xFFFU;
    held += kBitsOfACharacter;
    if (held < 8) continue;
    held -= 8;
    if (length == kMaxSeedBytes) return std::nullopt;
    seed.bytes()[length++] = static_cast<std::uint8_t>(bits >> held);
  }
  if (length < kMinSeedBytes) return std::nullopt;
  return Secret(std::span<const std::uint8_t>(seed.bytes().first(length)));
}

Result<AuditEvent> MethodAdministration::event_now(AuditEventType type,
                                                   const Account& owner,
                                                   const Actor& actor) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  return user_event(type, owner, actor, now->wall);
}

NewMethod MethodAdministration::draft(const Account& owner, MethodRequest request, WallTime now) {
  std::array<std::uint8_t, 10> random{};
  ports_.random.fill(random);
  AuthenticationMethod method{.id = make_ulid(now, random),
                              .owner = owner,
                              .type = request.type,
                              .name = std::move(request.name),
                              .created = now,
                              .confirmed = std::nullopt,
                              .last_used = std::nullopt};
  if (request.confirmed) method.confirmed = now;
  NewMethod made{std::move(method), std::nullopt, std::move(request.data)};
  if (request.seed) {
    made.method.weak = request.seed->size() < kWeakSeedBytes;
    made.credential.emplace(OtpCredential{
        made.method.id, request.type, OtpParameters{}, *std::move(request.seed), -1, 0});
  }
  return made;
}

Result<std::vector<EnrolledMethod>> MethodAdministration::list(const Account& owner) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  auto found = ports_.enrolled.enrolled_methods(owner);
  if (!found) return found;
  auto methods = *std::move(found);
  std::erase_if(methods, [&now](const auto& each) { return is_over(each.method, now->wall); });
  return methods;
}

Result<EnrolledMethod> MethodAdministration::find(const MethodId& id) {
  const auto now = ports_.clock.now();
  if (!now) return now.error();
  auto found = ports_.enrolled.enrolled_method(id);
  if (!found) return found.error();
  if (!*found || is_over((*found)->method, now->wall)) return not_found();
  return **std::move(found);
}

Result<EnrolledMethod> MethodAdministration::find(const Account& owner, const MethodId& id) {
  auto found = find(id);
  if (!found) return found;
  const auto& theirs = found->method.owner;
  if (theirs.name != owner.name || theirs.uid != owner.uid) return not_found();
  return found;
}

Result<EnrolledMethod> MethodAdministration::add(const Account& owner,
                                                 MethodRequest request,
                                                 const Actor& actor) {
  const auto started = event_now(AuditEventType::EnrollmentStarted, owner, actor);
  if (!started) return started.error();
  const auto method = draft(owner, std::move(request), started->time);
  auto event = about(*started, method.method);
  event.type = type_of_making(method.method);
  const auto added = ports_.enrolled.add_method(method, limits_of(method.method.type), event);
  if (!added) return added.error();
  switch (*added) {
    case EnrolledAddition::Exists:
      return exists();
    case EnrolledAddition::TooMany:
      return too_many();
    case EnrolledAddition::Added:
      break;
  }
  ports_.audit.written(event);
  return EnrolledMethod{method.method, method.data};
}

Result<std::vector<EnrolledMethod>> MethodAdministration::replace_all(
    const Account& owner, std::vector<MethodRequest> requests, const Actor& actor) {
  if (const auto fits = check_together(requests); !fits) return fits.error();
  const auto reset = event_now(AuditEventType::UserReset, owner, actor);
  if (!reset) return reset.error();
  std::vector<NewMethod> methods;
  std::vector<AuditEvent> events{*reset};
  std::vector<EnrolledMethod> enrolled;
  for (auto& request : requests) {
    methods.push_back(draft(owner, std::move(request), reset->time));
    const auto& made = methods.back();
    events.push_back(about(*reset, made.method));
    events.back().type = type_of_making(made.method);
    enrolled.push_back({made.method, made.data});
  }
  const auto replaced = ports_.enrolled.replace_methods(owner.name, methods, events);
  if (!replaced) return replaced.error();
  for (const auto& event : events) ports_.audit.written(event);
  return enrolled;
}

Status MethodAdministration::remove_all(const Account& owner, const Actor& actor) {
  const auto event = event_now(AuditEventType::UserReset, owner, actor);
  if (!event) return event.error();
  const auto removed = ports_.methods.remove_methods_of(owner.name, *event);
  if (!removed) return removed.error();
  ports_.audit.written(*event);
  return Done{};
}

Result<EnrolledMethod> MethodAdministration::change(const Account& owner,
                                                    const MethodId& id,
                                                    const EnrolledChange& change,
                                                    const Actor& actor) {
  const auto found = find(owner, id);
  if (!found) return found.error();
  const auto type =
      change.preferred ? AuditEventType::MethodChanged : AuditEventType::MethodRenamed;
  const auto started = event_now(type, owner, actor);
  if (!started) return started.error();
  const auto event = about(*started, found->method);
  const auto claim = ports_.enrolled.change_method(id, change, event);
  if (!claim) return claim.error();
  if (*claim == Claim::Lost) return not_found();
  ports_.audit.written(event);
  return find(owner, id);
}

Status MethodAdministration::remove(const Account& owner, const MethodId& id, const Actor& actor) {
  const auto found = find(owner, id);
  if (!found) return found.error();
  const auto started = event_now(AuditEventType::MethodRemoved, owner, actor);
  if (!started) return started.error();
  const auto event = about(*started, found->method);
  const auto claim = ports_.methods.remove_method(id, event);
  if (!claim) return claim.error();
  if (*claim == Claim::Lost) return not_found();
  ports_.audit.written(event);
  return Done{};
}

Status MethodAdministration::remove_one_time_codes(const Account& owner, const Actor& actor) {
  const auto methods = list(owner);
  if (!methods) return methods.error();
  for (const auto& [method, data] : *methods) {
    if (method.type != MethodType::Totp && method.type != MethodType::Hotp) continue;
    const auto removed = remove(owner, method.id, actor);
    // Somebody else may have been faster.
    if (!removed && removed.error().code != ErrorCode::NotFound) return removed;
  }
  return Done{};
}

Result<std::string> MethodAdministration::make_recovery_code(const Account& owner,
                                                             const Actor& actor) {
  const auto started = event_now(AuditEventType::RecoveryCodesMade, owner, actor);
  if (!started) return started.error();
  MethodRequest request;
  request.type = MethodType::RecoveryCode;
  request.name = "Recovery code";
  const auto method = draft(owner, std::move(request), started->time).method;
  std::array<std::uint8_t, kRecoveryCodeBytes> random{};
  ports_.random.fill(random);
  const Secret code = twinlock::make_recovery_code(random);
  wipe(random);
  const auto digest =
      ports_.keys.digest("recovery-code", recovery_code_input(method.id, code).bytes());
  if (!digest) return digest.error();
  const auto event = about(*started, method);
  const auto stored = ports_.methods.replace_recovery_codes(method, {*digest}, event);
  if (!stored) return stored.error();
  ports_.audit.written(event);
  return std::string(code.text());
}

Status MethodAdministration::forget_places(const Account& owner, const Actor& actor) {
  const auto event = event_now(AuditEventType::PlacesForgotten, owner, actor);
  if (!event) return event.error();
  const auto forgotten = ports_.enrolled.forget_places(owner.name, *event);
  if (!forgotten) return forgotten.error();
  if (*forgotten > 0) ports_.audit.written(*event);
  return Done{};
}

}  // namespace twinlock
