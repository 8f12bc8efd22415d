// SPDX-License-Identifier: MIT
#include "daemon/system/locked_bytes.h"

#include <sys/mman.h>

#include <new>
#include <utility>

#include "common/secret.h"

namespace twinlock {

LockedBytes::LockedBytes(std::size_t size) : size_(size) {
  if (size == 0) return;
  void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  data_ = static_cast<std::uint8_t*>(pages);
  locked_ = mlock(pages, size) == 0;
  // Both are advice that older kernels may not know; nothing depends on the answer.
  (void)madvise(pages, size, MADV_DONTDUMP);
  (void)madvise(pages, size, MADV_WIPEONFORK);
}

LockedBytes::LockedBytes(LockedBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      locked_(other.locked_) {}

LockedBytes& LockedBytes::operator=(LockedBytes&& other) noexcept {
  if (this != &other) {
    release();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    locked_ = other.locked_;
  }
  return *this;
}

LockedBytes::~LockedBytes() { release(); }

void LockedBytes::release() noexcept {
  if (data_ == nullptr) return;
  wipe(bytes());
  munmap(data_, size_);
  data_ = nullptr;
}

}  // namespace twinlock
