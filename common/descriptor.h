// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_COMMON_DESCRIPTOR_H
#define TWINLOCK_COMMON_DESCRIPTOR_H

#include <unistd.h>

namespace twinlock {

// Closes what open(2) returned, if that was a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace twinlock

#endif
