// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_QR_CODE_H
#define TWINLOCK_CLIENT_QR_CODE_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace twinlock::client {

// A QR code (ISO/IEC 18004) as modules, with the quiet zone of four modules that readers need.
class QrCode {
 public:
  // The smallest code that holds `text`, with error correction of level L: a screen has no
  // scratches, and a smaller code fits more terminals. InvalidInput if it is too long for one.
  static Result<QrCode> encode(std::string_view text);

  // Modules along one side, the quiet zone included.
  [[nodiscard]] std::size_t size() const { return size_; }
  // Anything outside of the code is light.
  [[nodiscard]] bool is_dark(std::size_t row, std::size_t column) const;

 private:
  QrCode(std::size_t size, std::vector<bool> dark) : size_(size), dark_(std::move(dark)) {}

  std::size_t size_;
  std::vector<bool> dark_;
};

// How a terminal can show modules.
enum class QrStyle {
  HalfBlocks,      // UTF-8 and colours: one character for two modules, one above the other
  ColouredSpaces,  // colours alone: two spaces a module
  Plain,           // neither: "##" for a dark module, on a light ground
};

// The code as lines of text. The first two styles set both colours, so that it is dark on light
// whatever the colours of the terminal are.
[[nodiscard]] std::string qr_text(const QrCode& code, QrStyle style);

// Columns that qr_text() takes.
[[nodiscard]] std::size_t qr_columns(const QrCode& code, QrStyle style);

}  // namespace twinlock::client

#endif
