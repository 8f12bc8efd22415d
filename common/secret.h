// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_COMMON_SECRET_H
#define TWINLOCK_COMMON_SECRET_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace twinlock {

// Overwrites `bytes` in a way that the compiler may not drop (S116).
void wipe(std::span<std::uint8_t> bytes) noexcept;

// Whether both hold the same bytes; takes the same time wherever they differ (S86, S116).
// Different lengths are unequal at once: lengths are not secret here.
[[nodiscard]] bool equal_in_constant_time(std::span<const std::uint8_t> a,
                                          std::span<const std::uint8_t> b) noexcept;

// Bytes that wipe themselves when they go, can't be copied by accident, compared with == or
// printed (S19, S116). A moved-from Secret is empty.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);  // zero-filled
  explicit Secret(std::span<const std::uint8_t> bytes);
  explicit Secret(std::string_view text);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  [[nodiscard]] Secret copy() const { return Secret(bytes()); }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  [[nodiscard]] std::span<std::uint8_t> bytes() { return bytes_; }
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  std::vector<std::uint8_t> bytes_;  // sized once: growing would leave a copy behind
};

bool operator==(const Secret&, const Secret&) = delete;

}  // namespace twinlock

#endif
