// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/http/oauth_parameters.h"

// The body of a token request, as a form or as JSON by its first byte: it is read, or refused with
// a 400 of RFC 6749's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace twinlock::http;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  constexpr std::array<const char*, 2> kTypes{"application/json",
                                              "application/x-www-form-urlencoded"};
  Request request;
  request.target = "/oauth/token";
  request.headers = {{"Content-Type", kTypes.at(data[0] % kTypes.size())}};
  request.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto parameters = OAuthParameters::of(request);
  if (!parameters) {
    if (parameters.refusal().status != 400 || parameters.refusal().body.empty()) abort();
    return 0;
  }
  for (const char* name : {"grant_type", "client_id", "client_secret", "scope"}) {
    static_cast<void>(parameters->value(name).size());
  }
  return 0;
}
