// SPDX-License-Identifier: MIT
#include "daemon/http/client_assertion.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "common/encoding.h"
#include "daemon/domain/public_key.h"
#include "daemon/http/json.h"

namespace twinlock::http {
namespace {

using std::chrono::seconds;

constexpr std::size_t kLongest = 8192;
constexpr std::size_t kLongestJti = 256;
constexpr seconds kSkew{60};
constexpr seconds kLongestLife{3600};

// A token in the compact form of RFC 7515 §3.1, opened but not believed.
struct Jwt {
  Json header;
  Json claims;
  std::string_view signed_part;
  std::vector<std::uint8_t> signature;
};

std::optional<Json> decoded_object(std::string_view part) {
  const auto bytes = base64url_decode(part);
  if (!bytes) return std::nullopt;
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  auto json = parse_json(text);
  if (!json || !json->is_object()) return std::nullopt;
  return *std::move(json);
}

std::optional<Jwt> opened(std::string_view token) {
  if (token.size() > kLongest) return std::nullopt;
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  auto header = decoded_object(token.substr(0, first));
  auto claims = decoded_object(token.substr(first + 1, second - first - 1));
  auto signature = base64url_decode(token.substr(second + 1));
  if (!header || !claims || !signature) return std::nullopt;
  return Jwt{
      *std::move(header), *std::move(claims), token.substr(0, second), *std::move(signature)};
}

std::optional<std::string> text_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

// A NumericDate (RFC 7519 §2); one that can't be a time of ours is none.
std::optional<WallTime> time_at(const Json& object, const char* name) {
  constexpr double kLastTime = 253402300799;  // the year 9999
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  const auto value = found->get<double>();
  if (!(value >= 0 && value <= kLastTime)) return std::nullopt;
  return WallTime(seconds(static_cast<std::int64_t>(value)));
}

bool has_sound_header(const Json& header, const ApiClient& client) {
  constexpr std::array<const char*, 7> kRefused{"jku", "x5u", "jwk", "x5c", "x5t", "crit", "b64"};
  const auto expected = signature_algorithm_of(client.public_key);
  if (!expected || text_at(header, "alg") != signature_algorithm_name(*expected)) return false;
  if (header.contains("typ") && text_at(header, "typ") != "JWT") return false;
  return std::none_of(kRefused.begin(), kRefused.end(), [&header](const char* name) {
    return header.contains(name);
  });
}

bool is_for_us(const Json& claims, const Options& options) {
  const auto names_us = [&options](const Json& value) {
    return value.is_string() && (value == options.issuer() || value == options.public_url ||
                                 value == options.public_url + "/oauth/token");
  };
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return false;
  if (!audience->is_array()) return names_us(*audience);
  return std::any_of(audience->begin(), audience->end(), names_us);
}

// Whether a time that says "not before this" lets it pass.
bool has_begun(const Json& claims, const char* name, WallTime now) {
  if (!claims.contains(name)) return true;
  const auto time = time_at(claims, name);
  return time && *time <= now + kSkew;
}

}  // namespace

std::optional<std::string> claimed_client(std::string_view assertion) {
  const auto token = opened(assertion);
  if (!token) return std::nullopt;
  auto subject = text_at(token->claims, "sub");
  if (!subject || text_at(token->claims, "iss") != subject) return std::nullopt;
  return subject;
}

std::optional<Assertion> verified_assertion(std::string_view assertion,
                                            const ApiClient& client,
                                            const Options& options,
                                            WallTime now) {
  const auto token = opened(assertion);
  if (!token || !has_sound_header(token->header, client) ||
      verify_signature(client.public_key, token->signed_part, token->signature) ==
          Signature::Wrong) {
    return std::nullopt;
  }
  const auto& claims = token->claims;
  if (text_at(claims, "iss") != client.id || text_at(claims, "sub") != client.id ||
      !is_for_us(claims, options) || !has_begun(claims, "nbf", now) ||
      !has_begun(claims, "iat", now)) {
    return std::nullopt;
  }
  const auto expires = time_at(claims, "exp");
  auto jti = text_at(claims, "jti");
  if (!expires || *expires <= now || *expires > now + kLongestLife || !jti || jti->empty() ||
      jti->size() > kLongestJti) {
    return std::nullopt;
  }
  return Assertion{*std::move(jti), *expires};
}

}  // namespace twinlock::http
