// SPDX-License-Identifier: MIT
//
// twinlock enroll totp|hotp: shows what is there already, makes a method, shows its seed once, and
// confirms it with a code.
#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>

#include "client/commands/commands.h"
#include "client/commands/views.h"
#include "client/conversation.h"
#include "client/qr_code.h"
#include "client/text.h"

namespace twinlock::client {
namespace {

constexpr int kTries = 3;
constexpr std::size_t kSecretGroup = 4;
// Cursor home, clear the screen, clear what has scrolled away (xterm's E3).
constexpr const char* kClearAll = "\033[H\033[2J\033[3J";

OtpRequest request_of(const EnrollOptions& options) {
  std::string algorithm = options.algorithm;
  std::transform(algorithm.begin(), algorithm.end(), algorithm.begin(), [](unsigned char c) {
    return static_cast<char>(std::toupper(c));
  });
  const bool is_timed = options.type == "totp";
  return {options.type, options.name, algorithm, options.digits, is_timed ? options.period : 0};
}

// The code as lines, or why there is none: a code that wraps can't be scanned.
std::string drawn(const Session& session, std::string_view uri) {
  const auto code = QrCode::encode(uri);
  if (!code) return code.error().detail + '\n';
  const auto style = session.terminal.qr_style();
  const auto needed = qr_columns(*code, style);
  const auto columns = session.terminal.columns();
  if (columns && *columns < needed) {
    return "(The QR code needs " + std::to_string(needed) + " columns; this terminal has " +
           std::to_string(*columns) + ". Widen it, or type the secret by hand.)\n";
  }
  return qr_text(*code, style);
}

// Whoever had the account's session before may have left an authenticator that opens it.
void show_existing(Session& session,
                   const EnrollOptions& options,
                   const std::vector<Method>& there) {
  if (there.empty()) return;
  const auto of_user = options.user.empty() ? "" : " --user " + label(options.user);
  session.output.text("There is already:\n\n" +
                      methods_as_table(there, session.terminal.columns()) +
                      "\nRemove what you don't know: twinlock remove ID" + of_user + "\n\n");
}

void show(Session& session, const NewOtp& otp, const std::vector<Method>& there) {
  session.output.json({{"id", otp.id},
                       {"secret", otp.secret.text()},
                       {"uri", otp.uri.text()},
                       {"existing", methods_as_json(there)}});
  if (session.output.is_json()) return;
  session.output.text("Scan this with an authenticator app:\n\n" + drawn(session, otp.uri.text()) +
                      "\nOr type the secret by hand:\n\n    " +
                      in_groups(otp.secret.text(), kSecretGroup) + "\n\n    " +
                      std::string(otp.uri.text()) + "\n\n");
}

// One code, asked for and judged. Nothing if the person gave up.
Result<std::optional<Confirmation>> try_once(Session& session,
                                             Account& account,
                                             const std::string& id) {
  const auto reply = session.terminal.ask("Code that the app shows now: ", Echo::Off);
  const auto* typed = std::get_if<Secret>(&reply);
  if (typed == nullptr) return std::optional<Confirmation>();
  const auto code = without_spaces(*typed);
  if (!is_code(code.text())) return std::optional(Confirmation::WrongCode);
  const auto judged = account.confirm_otp(id, code);
  if (!judged) return judged.error();
  return std::optional(*judged);
}

// A program gets one try: it reads no hints. Nothing if the person gave up.
Result<std::optional<Confirmation>> confirm(Session& session,
                                            Account& account,
                                            const std::string& id) {
  const int tries = session.output.is_json() ? 1 : kTries;
  for (int i = 1; i <= tries; ++i) {
    auto judged = try_once(session, account, id);
    if (!judged || *judged != Confirmation::WrongCode) return judged;
    if (i < tries) session.output.note("That code is not valid. Wait for the next one.");
  }
  return std::optional(Confirmation::WrongCode);
}

bool has_recovery_codes(const std::vector<Method>& methods) {
  return std::any_of(methods.begin(), methods.end(), [](const Method& method) {
    return method.type == "recovery-code";
  });
}

// A person without recovery codes is one lost phone away from a locked door.
CommandResult offer_recovery_codes(Session& session, Account& account, Proof& proof) {
  if (session.output.is_json() || !session.terminal.can_ask()) return ExitStatus::Done;
  const auto methods = account.methods();
  if (!methods) return methods.error();
  if (has_recovery_codes(*methods)) return ExitStatus::Done;
  const auto factor = factor_switch(account, "recovery-code");
  if (!factor) return factor.error();
  if (*factor == Switched::Off) return ExitStatus::Done;
  if (session.terminal.confirm("Make recovery codes, for the day the app is lost?",
                               Terminal::Answer::Yes) == Terminal::Answer::No) {
    return ExitStatus::Done;
  }
  proof.say_before_asking("A code works once: wait for the app to show the next one.");
  const auto codes =
      proof.with_proof([&](const std::string& id) { return account.make_recovery_codes(id); });
  if (!codes) return codes.error();
  if (*codes) show_recovery_codes(session, **codes);
  return ExitStatus::Done;  // the enrollment stands with or without them
}

}  // namespace

CommandResult enroll(Session& session, const EnrollOptions& options) {
  if (const auto may = may_print_secret(session, options.print_secrets); !may) return may.error();
  const auto account = session.daemon.account(options.user);
  const auto there = account->methods();
  if (!there) return there.error();
  show_existing(session, options, *there);
  Proof proof(session);

  const auto made = proof.with_proof(
      [&](const std::string& id) { return account->enroll_otp(id, request_of(options)); });
  if (!made) return made.error();
  if (!*made) return ExitStatus::Refused;
  const NewOtp& otp = **made;
  show(session, otp, *there);

  const auto confirmed = confirm(session, *account, otp.id);
  if (!confirmed || *confirmed != Confirmation::Confirmed) {
    // It would count for nothing and go within the hour; gone now, it takes no place.
    static_cast<void>(account->remove(proof.id(), otp.id));
    if (!confirmed) return confirmed.error();
    if (*confirmed) {
      session.output.error("wrong-code", "Not confirmed, so not enrolled. Remove it from the app.");
    } else {
      session.output.error("cancelled",
                           "Nobody answered, so not enrolled. Remove it from the app.");
    }
    return ExitStatus::Refused;
  }
  if (options.clear && session.terminal.is_shown()) session.output.text(kClearAll);
  session.output.text("Enrolled as " + label(otp.id) + ".\n");
  return offer_recovery_codes(session, *account, proof);
}

}  // namespace twinlock::client
