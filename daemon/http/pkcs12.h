// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_PKCS12_H
#define TWINLOCK_DAEMON_HTTP_PKCS12_H

#include <string_view>

namespace twinlock::http {

// Whether `base64` (RFC 4648 §4, line breaks allowed) is one DER SEQUENCE, as a PKCS #12 file is
// (RFC 7292 §4). It is not opened: its password is nobody's business here.
[[nodiscard]] bool is_pkcs12(std::string_view base64);

}  // namespace twinlock::http

#endif
