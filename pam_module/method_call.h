// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_METHOD_CALL_H
#define TWINLOCK_PAM_MODULE_METHOD_CALL_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/secret.h"

namespace twinlock::pam {

// Who is called, and what for.
struct Method {
  std::string_view destination;
  std::string_view path;
  std::string_view interface;
  std::string_view member;
  std::string_view signature = {};  // of the arguments
};

// A D-Bus method call as its bytes go to the bus ("D-Bus Specification", Message Protocol), in
// this machine's byte order. Arguments are added in the order of the signature, which is the
// caller's to keep. Wiped when it goes: it may carry an answer (S19).
class MethodCall {
 public:
  explicit MethodCall(const Method& method);

  void add(std::string_view text);                // s
  void add(std::uint32_t number);                 // u
  void add(std::span<const std::uint8_t> bytes);  // ay

  // The whole message, which its reply will name by `serial`, any number but 0. Empty if a text
  // isn't UTF-8 or holds a NUL, for which the bus would hang up, or if it would be over kMaxSize.
  [[nodiscard]] std::span<const std::uint8_t> sealed(std::uint32_t serial);

  static constexpr std::size_t kMaxSize = 8192;

 private:
  void add_field(std::uint8_t code, char type, std::string_view value);
  void add_signature(std::string_view signature);
  void pad(std::size_t boundary);
  void put(const void* bytes, std::size_t size);
  void put_number(std::size_t position, std::size_t number);

  Secret buffer_{kMaxSize};
  std::size_t size_ = 0;
  std::size_t body_ = 0;  // where the arguments begin
  bool broken_ = false;
};

}  // namespace twinlock::pam

#endif
