// SPDX-License-Identifier: MIT
#include "daemon/domain/otp_verifier.h"

#include "daemon/domain/totp.h"

namespace twinlock {
namespace {

OtpMatch match(const OtpCredential& credential,
               std::string_view code,
               WallTime now,
               const OtpWindow& window) {
  return credential.type == MethodType::Hotp ? match_hotp(credential, code, window.hotp)
                                             : match_totp(credential, code, now, window.totp);
}

}  // namespace

OtpFinding find_otp(const std::vector<OtpCredential>& credentials,
                    std::string_view code,
                    WallTime now,
                    const OtpWindow& window) {
  if (credentials.empty()) pretend_to_find_otp(code, now, window);
  OtpFinding finding;
  for (const auto& credential : credentials) {
    const OtpMatch found = match(credential, code, now, window);
    const bool is_better =
        found.kind == OtpMatch::Kind::Fresh
            ? finding.kind != OtpMatch::Kind::Fresh
            : found.kind == OtpMatch::Kind::Spent && finding.kind == OtpMatch::Kind::None;
    if (is_better) finding = {found.kind, found.factor, &credential};
  }
  return finding;
}

void pretend_to_find_otp(std::string_view code, WallTime now, const OtpWindow& window) {
  OtpCredential nobody{{}, MethodType::Totp, {}, Secret(seed_size(HashAlgorithm::Sha1)), -1, 0};
  // As many digits as were typed: codes of another length would be turned away unread.
  nobody.parameters.digits = code.size() == 8 ? 8 : 6;
  const volatile auto result = match(nobody, code, now, window).kind;
  static_cast<void>(result);
}

}  // namespace twinlock
