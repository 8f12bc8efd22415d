// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_PACKING_H
#define TWINLOCK_DAEMON_STORE_PACKING_H

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "daemon/domain/method_data.h"
#include "daemon/domain/user_record.h"

// What is sealed as one value: the form of docs/store-schema.md, "Details".
namespace twinlock::packing {

// Of a method's data, all but what has columns of its own: a phone's channel, a key's counter.
[[nodiscard]] Secret pack(const MethodData& data);
// Internal for bytes that pack() didn't make.
[[nodiscard]] Result<MethodData> unpack_method_data(std::span<const std::uint8_t> packed);

[[nodiscard]] Secret pack(const UserProfile& profile);
[[nodiscard]] Result<UserProfile> unpack_profile(std::span<const std::uint8_t> packed);

}  // namespace twinlock::packing

#endif
