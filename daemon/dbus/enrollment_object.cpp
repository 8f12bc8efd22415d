// SPDX-License-Identifier: MIT
#include "daemon/dbus/enrollment_object.h"

#include <optional>
#include <utility>

#include "common/encoding.h"

namespace twinlock::dbus {
namespace {

// What audit records of a user's own conversations name as service.
constexpr const char* kOwnService = "twinlock";

Asker self(const Caller& caller) { return {caller.uid}; }

std::optional<Purpose> purpose_named(const std::string& name) {
  if (name == "test") return Purpose::Test;
  if (name == "proof") return Purpose::Proof;
  return std::nullopt;
}

// The right of a user over its own methods, with the proof it gives.
twinlock::Result<Authority> own_authority(const Caller& caller, const std::string& proof) {
  Authority authority{"uid " + std::to_string(caller.uid), false, std::nullopt};
  if (!proof.empty()) {
    const auto id = parse_conversation(proof);
    if (!id) return id.error();
    authority.proof = *id;
  }
  return authority;
}

Outcome<> outcome_of(const twinlock::Status& status) {
  if (!status) return status.error();
  return std::tuple<>();
}

}  // namespace

twinlock::Result<Account> EnrollmentObject::own_account(const Caller& caller) {
  const auto found = services_.directory.find_uid(caller.uid);
  if (!found) return found.error();
  if (!*found) return Error{ErrorCode::Forbidden, "your uid has no account"};
  return **found;
}

void EnrollmentObject::Status(sdbus::Result<std::string>&& result) {
  dispatcher_.dispatch(object_,
                       "Enrollment1.Status",
                       rule_,
                       std::move(result),
                       [this](const Caller& caller) -> Outcome<std::string> {
                         const auto account = own_account(caller);
                         if (!account) return account.error();
                         const auto status = services_.administration.status_of(*account);
                         if (!status) return status.error();
                         return std::tuple(to_json(*status));
                       });
}

void EnrollmentObject::ListMethods(sdbus::Result<std::vector<WireMethod>>&& result) {
  dispatcher_.dispatch(object_,
                       "Enrollment1.ListMethods",
                       rule_,
                       std::move(result),
                       [this](const Caller& caller) -> Outcome<std::vector<WireMethod>> {
                         const auto account = own_account(caller);
                         if (!account) return account.error();
                         const auto settings = services_.administration.settings();
                         if (!settings) return settings.error();
                         const auto methods = services_.enrollment.methods_of(account->name);
                         if (!methods) return methods.error();
                         return std::tuple(to_wire(*methods, *account, settings->enabled));
                       });
}

void EnrollmentObject::Begin(StepResult&& result,
                             Bytes nonce,
                             std::string purpose,
                             std::string locale) {
  dispatcher_.dispatch(
      object_,
      "Enrollment1.Begin",
      rule_,
      std::move(result),
      [this, nonce = std::move(nonce), purpose = std::move(purpose), locale = std::move(locale)](
          const Caller& caller) -> StepOutcome {
        const auto named = purpose_named(purpose);
        if (!named) return Error{ErrorCode::InvalidInput, "purpose has to be test or proof"};
        const auto parsed = parse_nonce("nonce", nonce);
        if (!parsed) return parsed.error();
        if (const auto checked = check_locale(locale); !checked) return checked.error();
        const auto account = own_account(caller);
        if (!account) return account.error();

        LoginContext context;
        context.nonce = *parsed;
        context.purpose = *named;
        context.user = account->name;
        context.service = kOwnService;
        context.locale = printable(locale, locale.size());
        return to_wire(services_.engine.begin(context));
      });
}

void EnrollmentObject::Answer(StepResult&& result,
                              std::string conversation,
                              Bytes previous_nonce,
                              Bytes nonce,
                              Bytes answer) {
  MessageHandle::mark_sensitive(current_message(object_));
  AnswerArguments arguments{
      std::move(conversation), std::move(previous_nonce), std::move(nonce), take_secret(answer)};
  dispatcher_.dispatch(
      object_,
      "Enrollment1.Answer",
      rule_,
      std::move(result),
      [this, arguments = std::move(arguments)](const Caller& caller) -> StepOutcome {
        const auto parsed = parse_answer(arguments);
        if (!parsed) return parsed.error();
        return to_wire(services_.engine.answer(
            parsed->conversation, parsed->previous, parsed->nonce, arguments.answer, self(caller)));
      });
}

void EnrollmentObject::Cancel(sdbus::Result<>&& result, std::string conversation) {
  dispatcher_.dispatch(
      object_,
      "Enrollment1.Cancel",
      rule_,
      std::move(result),
      [this, conversation = std::move(conversation)](const Caller& caller) -> Outcome<> {
        const auto id = parse_conversation(conversation);
        if (!id) return id.error();
        services_.engine.cancel(*id, self(caller));
        return std::tuple<>();
      });
}

void EnrollmentObject::EnrollOtp(sdbus::Result<std::string, std::string, std::string>&& result,
                                 std::string proof,
                                 std::string type,
                                 std::string name,
                                 std::string algorithm,
                                 std::uint32_t digits,
                                 std::uint32_t period) {
  OtpArguments arguments{std::move(type), std::move(name), std::move(algorithm), digits, period};
  dispatcher_.dispatch(
      object_,
      "Enrollment1.EnrollOtp",
      rule_,
      std::move(result),
      [this, proof = std::move(proof), arguments = std::move(arguments)](
          const Caller& caller) -> Outcome<std::string, std::string, std::string> {
        const auto request = parse_otp(arguments);
        if (!request) return request.error();
        const auto authority = own_authority(caller, proof);
        if (!authority) return authority.error();
        const auto account = own_account(caller);
        if (!account) return account.error();
        const auto made = services_.enrollment.enroll_otp(*account, *request, *authority);
        if (!made) return made.error();
        return std::tuple(to_text(made->id), base32_encode(made->seed.bytes()), made->uri);
      });
}

void EnrollmentObject::ConfirmOtp(sdbus::Result<>&& result, std::string id, std::string code) {
  MessageHandle::mark_sensitive(current_message(object_));
  dispatcher_.dispatch(
      object_,
      "Enrollment1.ConfirmOtp",
      rule_,
      std::move(result),
      [this, id = std::move(id), code = take_secret(code)](const Caller& caller) -> Outcome<> {
        const auto method = parse_method_id(id);
        if (!method) return method.error();
        const auto authority = own_authority(caller, "");
        if (!authority) return authority.error();
        const auto account = own_account(caller);
        if (!account) return account.error();
        const auto confirmed =
            services_.enrollment.confirm_otp(*account, *method, code, *authority);
        if (!confirmed) return confirmed.error();
        if (*confirmed == Confirmation::WrongCode) return wrong_code();
        return std::tuple<>();
      });
}

void EnrollmentObject::RemoveMethod(sdbus::Result<>&& result, std::string proof, std::string id) {
  dispatcher_.dispatch(
      object_,
      "Enrollment1.RemoveMethod",
      rule_,
      std::move(result),
      [this, proof = std::move(proof), id = std::move(id)](const Caller& caller) -> Outcome<> {
        const auto method = parse_method_id(id);
        if (!method) return method.error();
        const auto authority = own_authority(caller, proof);
        if (!authority) return authority.error();
        const auto account = own_account(caller);
        if (!account) return account.error();
        return outcome_of(services_.enrollment.remove(*account, *method, *authority));
      });
}

void EnrollmentObject::RenameMethod(sdbus::Result<>&& result, std::string id, std::string name) {
  dispatcher_.dispatch(
      object_,
      "Enrollment1.RenameMethod",
      rule_,
      std::move(result),
      [this, id = std::move(id), name = std::move(name)](const Caller& caller) -> Outcome<> {
        const auto method = parse_method_id(id);
        if (!method) return method.error();
        const auto authority = own_authority(caller, "");
        if (!authority) return authority.error();
        const auto account = own_account(caller);
        if (!account) return account.error();
        return outcome_of(services_.enrollment.rename(*account, *method, name, *authority));
      });
}

void EnrollmentObject::MakeRecoveryCodes(sdbus::Result<std::vector<std::string>>&& result,
                                         std::string proof) {
  dispatcher_.dispatch(
      object_,
      "Enrollment1.MakeRecoveryCodes",
      rule_,
      std::move(result),
      [this, proof = std::move(proof)](const Caller& caller) -> Outcome<std::vector<std::string>> {
        const auto authority = own_authority(caller, proof);
        if (!authority) return authority.error();
        const auto account = own_account(caller);
        if (!account) return account.error();
        const auto codes = services_.enrollment.make_recovery_codes(*account, *authority);
        if (!codes) return codes.error();
        return std::tuple(*codes);
      });
}

}  // namespace twinlock::dbus
