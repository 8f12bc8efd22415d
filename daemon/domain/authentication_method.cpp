// SPDX-License-Identifier: MIT
#include "daemon/domain/authentication_method.h"

#include <array>

namespace twinlock {
namespace {

constexpr std::array kTypes{MethodType::Totp,
                            MethodType::Hotp,
                            MethodType::RecoveryCode,
                            MethodType::Phone,
                            MethodType::Email,
                            MethodType::WebauthnRoaming,
                            MethodType::WebauthnPlatform,
                            MethodType::Passkey,
                            MethodType::Push};

}  // namespace

bool is_accepted_at_login(MethodType type) {
  switch (type) {
    case MethodType::Totp:
    case MethodType::Hotp:
    case MethodType::RecoveryCode:
      return true;
    case MethodType::Phone:
    case MethodType::Email:
    case MethodType::WebauthnRoaming:
    case MethodType::WebauthnPlatform:
    case MethodType::Passkey:
    case MethodType::Push:
      break;
  }
  return false;
}

std::string_view method_type_name(MethodType type) {
  switch (type) {
    case MethodType::Totp:
      return "totp";
    case MethodType::Hotp:
      return "hotp";
    case MethodType::RecoveryCode:
      return "recovery-code";
    case MethodType::Phone:
      return "phone";
    case MethodType::Email:
      return "email";
    case MethodType::WebauthnRoaming:
      return "webauthn-roaming";
    case MethodType::WebauthnPlatform:
      return "webauthn-platform";
    case MethodType::Passkey:
      return "passkey";
    case MethodType::Push:
      return "push";
  }
  return "";
}

std::optional<MethodType> method_type_named(std::string_view name) {
  for (const auto type : kTypes) {
    if (method_type_name(type) == name) return type;
  }
  return std::nullopt;
}

Factor factor_of(MethodType type) {
  switch (type) {
    case MethodType::Totp:
    case MethodType::Hotp:
      return Factor::Otp;
    case MethodType::RecoveryCode:
      return Factor::RecoveryCode;
    case MethodType::Phone:
      return Factor::Sms;
    case MethodType::Email:
      return Factor::Email;
    case MethodType::WebauthnPlatform:
    case MethodType::Passkey:
      return Factor::WebauthnPlatform;
    case MethodType::WebauthnRoaming:
      return Factor::WebauthnRoaming;
    case MethodType::Push:
      return Factor::PushNotification;
  }
  return Factor::Otp;
}

std::string_view hash_algorithm_name(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::Sha1:
      return "SHA1";
    case HashAlgorithm::Sha256:
      return "SHA256";
    case HashAlgorithm::Sha512:
      return "SHA512";
  }
  return "";
}

std::optional<HashAlgorithm> hash_algorithm_named(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  for (const auto algorithm : {HashAlgorithm::Sha1, HashAlgorithm::Sha256, HashAlgorithm::Sha512}) {
    if (hash_algorithm_name(algorithm) == upper) return algorithm;
  }
  return std::nullopt;
}

std::size_t seed_size(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::Sha1:
      return 20;
    case HashAlgorithm::Sha256:
      return 32;
    case HashAlgorithm::Sha512:
      return 64;
  }
  return 0;
}

bool is_usable_by(const AuthenticationMethod& method, const Account& account) {
  return is_accepted_at_login(method.type) && method.confirmed.has_value() &&
         method.owner.name == account.name && method.owner.uid == account.uid;
}

}  // namespace twinlock
