// SPDX-License-Identifier: MIT
#include "common/otpauth_uri.h"

#include "common/encoding.h"

namespace twinlock {
namespace {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    encoded += '%';
    encoded += kHex[byte >> 4U];
    encoded += kHex[byte & 0xFU];
  }
  return encoded;
}

}  // namespace

std::string otpauth_uri(const OtpauthUri& uri) {
  const std::string issuer = percent_encoded(uri.issuer);
  std::string text = "otpauth://";
  text += uri.kind;
  text += '/' + issuer + ':' + percent_encoded(uri.account);
  text += "?secret=" + base32_encode(uri.seed);
  text += "&issuer=" + issuer;
  text += "&algorithm=";
  text += uri.algorithm;
  text += "&digits=" + std::to_string(uri.digits);
  if (uri.kind == "hotp") {
    text += "&counter=" + std::to_string(uri.counter);
  } else {
    text += "&period=" + std::to_string(uri.period);
  }
  return text;
}

}  // namespace twinlock
