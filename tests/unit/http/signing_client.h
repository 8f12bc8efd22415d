// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_HTTP_SIGNING_CLIENT_H
#define TWINLOCK_TESTS_UNIT_HTTP_SIGNING_CLIENT_H

#include <memory>
#include <string>

#include "daemon/http/json.h"

struct evp_pkey_st;

namespace twinlock::http {

// A client with a key of its own, as private_key_jwt wants it.
class SigningClient {
 public:
  enum class Kind { Rsa, Ec, Ed25519, ShortRsa, OtherCurve };

  explicit SigningClient(Kind kind);

  [[nodiscard]] std::string public_key() const;  // PEM
  [[nodiscard]] std::string algorithm() const;   // "RS256", "ES256", "EdDSA"
  // header.claims.signature, signed with our key whatever the header says.
  [[nodiscard]] std::string token(const Json& header, const Json& claims) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };

  Kind kind_;
  std::unique_ptr<evp_pkey_st, Free> key_;
};

}  // namespace twinlock::http

#endif
