// SPDX-License-Identifier: MIT
#include "daemon/http/pkcs12.h"

#include <openssl/asn1.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

namespace twinlock::http {
namespace {

// Empty if it is no base64.
std::vector<std::uint8_t> decoded(std::string_view base64) {
  std::string text;
  std::copy_if(base64.begin(), base64.end(), std::back_inserter(text), [](char c) {
    return c != '\n' && c != '\r';
  });
  if (text.empty() || text.size() % 4 != 0) return {};
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3);
  const auto* input = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DecodeBlock(bytes.data(), input, static_cast<int>(text.size())) < 0) return {};
  // It counts what padding stands for.
  const auto padding = std::count(text.end() - 2, text.end(), '=');
  bytes.resize(bytes.size() - static_cast<std::size_t>(padding));
  return bytes;
}

}  // namespace

bool is_pkcs12(std::string_view base64) {
  const auto bytes = decoded(base64);
  if (bytes.empty()) return false;
  const unsigned char* content = bytes.data();
  long length = 0;
  int tag = 0;
  int kind = 0;
  const int found =
      ASN1_get_object(&content, &length, &tag, &kind, static_cast<long>(bytes.size()));
  constexpr int kFailed = 0x80;
  constexpr int kIndefinite = 0x01;
  if ((found & (kFailed | kIndefinite)) != 0 || tag != V_ASN1_SEQUENCE) return false;
  return content + length == bytes.data() + bytes.size();
}

}  // namespace twinlock::http
