// SPDX-License-Identifier: MIT
#include "daemon/system/getrandom_source.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace twinlock {

void GetrandomSource::fill(std::span<std::uint8_t> buffer) {
  while (!buffer.empty()) {
    const ssize_t got = getrandom(buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw std::system_error(errno, std::generic_category(), "getrandom");
    buffer = buffer.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace twinlock
