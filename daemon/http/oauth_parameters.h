// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_OAUTH_PARAMETERS_H
#define TWINLOCK_DAEMON_HTTP_OAUTH_PARAMETERS_H

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "daemon/http/message.h"
#include "daemon/http/parsed.h"

namespace twinlock::http {

// The parameters of a request to /oauth: from a form or from a JSON object (C08).
class OAuthParameters {
 public:
  // Or the 400 of RFC 6749 §5.2: a body that can't be read, a parameter that comes twice, or a
  // known one that is no string.
  [[nodiscard]] static Parsed<OAuthParameters> of(const Request& request);

  // Empty if it isn't there: RFC 6749 §3.2 takes both for the same.
  [[nodiscard]] std::string_view value(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace twinlock::http

#endif
