// SPDX-License-Identifier: MIT
#include "daemon/http/client_authentication.h"

#include <openssl/evp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/http/client_assertion.h"
#include "daemon/http/errors.h"
#include "daemon/http/target.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kLongestBasic = 4096;

// RFC 4648 §4 with its padding; nothing if it is none.
std::optional<std::string> base64_decoded(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > kLongestBasic) return std::nullopt;
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3);
  const auto* input = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DecodeBlock(bytes.data(), input, static_cast<int>(text.size())) < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  return std::string(bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(padding));
}

// What stands behind "Basic ", if that is there.
std::optional<std::string_view> basic_of(const Request& request) {
  const auto header = request.header("Authorization");
  if (!header) return std::nullopt;
  const auto space = header->find(' ');
  if (space == std::string_view::npos || !is_same_name(header->substr(0, space), "Basic")) {
    return std::nullopt;
  }
  return header->substr(space + 1);
}

}  // namespace

Parsed<ClientAuthentication::Claimed> ClientAuthentication::claimed_in(
    const Request& request, const OAuthParameters& parameters) const {
  Claimed claimed{.id = std::string(parameters.value("client_id")),
                  .secret = std::string(parameters.value("client_secret")),
                  .assertion = parameters.value("client_assertion")};
  // Of a file that an editor wrote: a secret has no line break.
  claimed.secret.erase(claimed.secret.find_last_not_of("\r\n") + 1);
  const auto basic = basic_of(request);
  claimed.is_basic = basic.has_value();
  const int ways = (claimed.secret.empty() ? 0 : 1) + (claimed.assertion.empty() ? 0 : 1) +
                   (claimed.is_basic ? 1 : 0);
  if (ways > 1) {
    return oauth_error(400, "invalid_request", "More than one way of client authentication");
  }
  if (!basic) return claimed;
  // RFC 6749 §2.3.1: both halves are form-encoded before they are put together.
  const auto pair = base64_decoded(*basic);
  const auto colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return claimed;
  const auto id = percent_decoded(std::string_view(*pair).substr(0, colon));
  const auto secret = percent_decoded(std::string_view(*pair).substr(colon + 1));
  if (!id || !secret || (!claimed.id.empty() && claimed.id != *id)) return claimed;
  claimed.id = *id;
  claimed.secret = *secret;
  return claimed;
}

Result<std::optional<ApiClient>> ClientAuthentication::by_assertion(const Claimed& claimed) {
  const auto id = claimed_client(claimed.assertion);
  if (!id || (!claimed.id.empty() && claimed.id != *id)) return std::optional<ApiClient>();
  auto client = access_.find(*id);
  if (!client) return client.error();
  if (!*client) return std::optional<ApiClient>();
  const auto now = clock_.now();
  if (!now) return now.error();
  const auto assertion = verified_assertion(claimed.assertion, **client, options_, now->wall);
  if (!assertion) return std::optional<ApiClient>();
  const auto first = access_.claim_assertion(**client, assertion->jti, assertion->expires);
  if (!first) return first.error();
  return *first == Claim::Won ? client : std::optional<ApiClient>();
}

Result<std::optional<ApiClient>> ClientAuthentication::verified(const Claimed& claimed) {
  if (!claimed.assertion.empty()) return by_assertion(claimed);
  return access_.authenticate(claimed.id, claimed.secret);
}

Response ClientAuthentication::refused(const Request& request, const Claimed& claimed) {
  const auto now = clock_.now();
  if (!now) return error_response(request, now.error());
  AuditEvent event{};
  event.time = now->wall;
  event.type = AuditEventType::TokenRefused;
  event.source = request.client;
  // What was typed may be a secret in the wrong place: only what has the form of an id is told.
  event.detail = is_client_id(claimed.id) ? "client " + claimed.id : "client unknown";
  if (const auto written = audit_.write(event); !written) {
    return error_response(request, written.error());
  }
  auto response = oauth_error(401, "invalid_client", "Client authentication failed");
  response.mark = Mark::FailedAuthentication;
  if (claimed.is_basic) response.add_header("WWW-Authenticate", "Basic realm=\"oauth\"");
  return response;
}

Parsed<ApiClient> ClientAuthentication::client_of(const Request& request,
                                                  const OAuthParameters& parameters) {
  const auto claimed = claimed_in(request, parameters);
  if (!claimed) return claimed.refusal();
  if (!claimed->assertion.empty() &&
      parameters.value("client_assertion_type") != kClientAssertionType) {
    return oauth_error(400,
                       "invalid_request",
                       "client_assertion_type has to be " + std::string(kClientAssertionType));
  }
  const auto client = verified(*claimed);
  if (!client) return error_response(request, client.error());
  if (!*client || !ApiAccess::is_welcome(**client, request.client)) {
    return refused(request, *claimed);
  }
  return **client;
}

}  // namespace twinlock::http
