// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_OPTIONS_H
#define TWINLOCK_DAEMON_HTTP_OPTIONS_H

#include <string>

namespace twinlock::http {

// A provider's credentials in answers (§1.9 of the contract): eight stars, which sent back mean
// "keep"; or as they were set, which Terraform needs where it manages them.
enum class ProviderSecrets { Masked, Plain };

// What the endpoints know of the settings; fixed while the daemon runs.
struct Options {
  std::string public_url = "https://localhost:8443";  // without a slash at its end
  ProviderSecrets provider_secrets = ProviderSecrets::Masked;

  [[nodiscard]] std::string issuer() const { return public_url + '/'; }  // C02
  [[nodiscard]] std::string management_audience() const { return public_url + "/api/v2/"; }
  [[nodiscard]] std::string mfa_audience() const { return public_url + "/mfa/"; }
  // The name alone, without scheme and port: what a relying party may be.
  [[nodiscard]] std::string host() const;
};

}  // namespace twinlock::http

#endif
