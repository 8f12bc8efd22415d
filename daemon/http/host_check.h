// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_HOST_CHECK_H
#define TWINLOCK_DAEMON_HTTP_HOST_CHECK_H

#include <optional>
#include <string_view>

#include "daemon/http/settings.h"

namespace twinlock::http {

// Whether `host`, the value of Host, is a name of ours (S61): the public one, its port included
// where it isn't the scheme's own; and, if `listener` is on loopback, localhost and the loopback
// addresses with the listener's port. A page of a foreign name that was made to resolve to
// loopback (DNS rebinding) has another Host.
[[nodiscard]] bool is_our_host(std::string_view host,
                               const std::optional<PublicUrl>& public_url,
                               const ListenAddress& listener,
                               bool is_tls);

}  // namespace twinlock::http

#endif
