// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_CONTACT_H
#define TWINLOCK_DAEMON_DOMAIN_CONTACT_H

#include <optional>
#include <string>
#include <string_view>

// Telephone numbers and mail addresses: their forms, and what is shown of them.
namespace twinlock {

// The E.164 form of a number: spaces, dashes, dots and parentheses taken out, then
// +, a digit that isn't 0, and 5 to 14 more. Nothing for anything else. Syntax alone: whether
// anybody may be called there is looked at before a message is sent (S100).
[[nodiscard]] std::optional<std::string> parse_phone_number(std::string_view text);

// Whether `text` is an address that we would write to: a dot-atom (RFC 5321 §4.1.2), @ and a host
// name, at most 254 bytes. No display name, no quoted local part, no address literal, ASCII only
// (S84).
[[nodiscard]] bool is_mail_address(std::string_view text);

// What two spellings of one address have in common: lower case. Servers that tell cases of the
// local part apart exist in the standard alone.
[[nodiscard]] std::string canonical_mail_address(std::string_view address);

// "+15551234567" → "XXXXXXXX4567".
[[nodiscard]] std::string masked_phone_number(std::string_view number);
// "marianne@example.com" → "mari****@exam*******"; of a short local part nothing is shown.
[[nodiscard]] std::string masked_mail_address(std::string_view address);

}  // namespace twinlock

#endif
