// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SYSTEM_LOCKED_BYTES_H
#define TWINLOCK_DAEMON_SYSTEM_LOCKED_BYTES_H

#include <cstddef>
#include <cstdint>
#include <span>

namespace twinlock {

// Pages of their own for key material: locked in memory, left out of core dumps and of children
// (S123), wiped before they are given back. Throws std::bad_alloc if there is no memory.
class LockedBytes {
 public:
  LockedBytes() = default;
  explicit LockedBytes(std::size_t size);  // zero-filled
  LockedBytes(LockedBytes&& other) noexcept;
  LockedBytes& operator=(LockedBytes&& other) noexcept;
  LockedBytes(const LockedBytes&) = delete;
  LockedBytes& operator=(const LockedBytes&) = delete;
  ~LockedBytes();

  [[nodiscard]] std::span<std::uint8_t> bytes() { return {data_, size_}; }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {data_, size_}; }
  // False where the limit on locked memory was in the way: to be warned about once, not fatal.
  [[nodiscard]] bool is_locked() const { return locked_; }

 private:
  void release() noexcept;

  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  bool locked_ = true;
};

}  // namespace twinlock

#endif
