// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/http/client_assertion.h"

// What claims to be a client's JSON Web Token: nothing that wasn't signed counts, whatever it says.
// The key is that of RFC 6979 A.2.5; no mutation of bytes makes a signature of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace twinlock;        // NOLINT(google-build-using-namespace)
  using namespace twinlock::http;  // NOLINT(google-build-using-namespace)
  static const auto kClient = [] {
    ApiClient client;
    client.id = "u1nL8j08i1Pmhz0KTEEODdFblAu1nx3L";
    client.public_key =
        "-----BEGIN PUBLIC KEY-----\n"
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7\n"
        "Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\n"
        "-----END PUBLIC KEY-----\n";
    return client;
  }();
  static const Options kOptions;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto claimed = claimed_client(text);
  if (claimed && claimed->size() > size) abort();
  if (verified_assertion(text, kClient, kOptions, WallTime(std::chrono::hours(500'000)))) abort();
  return 0;
}
