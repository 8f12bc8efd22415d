// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_METHOD_DATA_H
#define TWINLOCK_DAEMON_DOMAIN_METHOD_DATA_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/domain/authentication_method.h"

// What is kept of authentication methods beside what every method has: for those that no login
// accepts yet, and for the management API, which lists them.
namespace twinlock {

enum class PhoneChannel { Sms = 1, Voice = 2 };  // stored

[[nodiscard]] std::string_view phone_channel_name(PhoneChannel channel);  // "sms", "voice"
[[nodiscard]] std::optional<PhoneChannel> phone_channel_named(std::string_view name);

struct PhoneData {
  std::string number;  // E.164
  PhoneChannel preferred = PhoneChannel::Sms;
};

struct EmailData {
  std::string address;
};

// Whether a credential may live on several devices (WebAuthn Level 3 §6.1.3, BE).
enum class CredentialDevice { Single = 1, Multiple = 2 };  // stored

// A credential of a security key, a platform authenticator or a passkey, as it was registered.
// Texts are as they were given: what is binary in base64url.
struct KeyData {
  std::string credential_id;
  std::string public_key;  // COSE
  std::uint32_t sign_count = 0;
  std::optional<CredentialDevice> device;
  std::optional<bool> backed_up;
  std::vector<std::string> transports;
  std::string relying_party;
  std::string aaguid;
  std::string user_handle;
  std::string user_agent;
  std::string identity_user_id;
};

// Nothing for TOTP, HOTP, recovery codes and push.
using MethodData = std::variant<std::monostate, PhoneData, EmailData, KeyData>;

struct EnrolledMethod {
  AuthenticationMethod method;
  MethodData data;
};

// One that is to be stored.
struct NewMethod {
  AuthenticationMethod method;
  std::optional<OtpCredential> credential;  // of TOTP and HOTP
  MethodData data;
};

// Security keys, platform authenticators and passkeys: what WebAuthn calls credentials.
[[nodiscard]] bool is_key(MethodType type);

// What no two methods of one user have in common, with its kind before it: the number, the address
// or the credential's id. Empty where methods may be alike.
[[nodiscard]] std::string identity_of(const MethodData& data);

}  // namespace twinlock

#endif
