// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_PAM_MODULE_WIRE_READER_H
#define TWINLOCK_PAM_MODULE_WIRE_READER_H

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace twinlock::pam {

// Takes D-Bus values, in this machine's byte order, from bytes that begin on a boundary of eight
// ("D-Bus Specification", Marshaling). What it returns points into those bytes.
//
// After the first value that isn't there whole it has failed: everything is empty or 0 from then
// on, so that a caller asks once, at the end. It never reads beyond the end.
class WireReader {
 public:
  explicit WireReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint8_t byte();                    // y
  [[nodiscard]] std::uint32_t number();                 // u
  [[nodiscard]] std::string_view text();                // s, o: UTF-8 without a NUL
  [[nodiscard]] std::string_view signature();           // g
  [[nodiscard]] std::span<const std::uint8_t> bytes();  // ay

  // Where an array ends whose elements begin on `boundary`; they come next. Never beyond the end
  // of all.
  [[nodiscard]] std::size_t array_end(std::size_t boundary);
  void align(std::size_t boundary);
  void skip(std::size_t size) { static_cast<void>(take(size)); }
  void fail() { failed_ = true; }

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] bool at_end() const { return !failed_ && position_ == bytes_.size(); }

 private:
  std::span<const std::uint8_t> take(std::size_t size);
  std::string_view take_text(std::size_t size);

  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace twinlock::pam

#endif
