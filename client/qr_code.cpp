// SPDX-License-Identifier: MIT
#include "client/qr_code.h"

#include <qrencode.h>

#include <cstdint>
#include <memory>
#include <span>

#include "common/secret.h"

namespace twinlock::client {
namespace {

constexpr std::size_t kQuietZone = 4;                           // modules; ISO/IEC 18004 §6.3.8
constexpr const char* kDarkOnLight = "\033[38;5;16;48;5;231m";  // black on white of the 256 colours
constexpr const char* kOnDark = "\033[48;5;16m";
constexpr const char* kOnLight = "\033[48;5;231m";
constexpr const char* kReset = "\033[0m";

// The modules hold the seed as much as its text does.
struct WipeAndFree {
  void operator()(QRcode* code) const {
    const auto side = static_cast<std::size_t>(code->width);
    wipe({code->data, side * side});
    QRcode_free(code);
  }
};

const char* half_block(bool upper_dark, bool lower_dark) {
  if (upper_dark) return lower_dark ? "█" : "▀";
  return lower_dark ? "▄" : " ";
}

std::string half_block_line(const QrCode& code, std::size_t row) {
  std::string line = kDarkOnLight;
  for (std::size_t column = 0; column < code.size(); ++column) {
    line += half_block(code.is_dark(row, column), code.is_dark(row + 1, column));
  }
  return line + kReset + '\n';
}

std::string coloured_line(const QrCode& code, std::size_t row) {
  std::string line;
  for (std::size_t column = 0; column < code.size(); ++column) {
    line += code.is_dark(row, column) ? kOnDark : kOnLight;
    line += "  ";
  }
  return line + kReset + '\n';
}

std::string plain_line(const QrCode& code, std::size_t row) {
  std::string line;
  for (std::size_t column = 0; column < code.size(); ++column) {
    line += code.is_dark(row, column) ? "##" : "  ";
  }
  return line + '\n';
}

}  // namespace

Result<QrCode> QrCode::encode(std::string_view text) {
  const std::string terminated(text);
  const std::unique_ptr<QRcode, WipeAndFree> code(
      QRcode_encodeString8bit(terminated.c_str(), 0, QR_ECLEVEL_L));
  if (!code) return Error{ErrorCode::InvalidInput, "The text does not fit into a QR code."};

  const auto inner = static_cast<std::size_t>(code->width);
  const auto size = inner + 2 * kQuietZone;
  const std::span modules(code->data, inner * inner);
  std::vector<bool> dark(size * size);
  for (std::size_t row = 0; row < inner; ++row) {
    for (std::size_t column = 0; column < inner; ++column) {
      const bool is_dark = (modules[row * inner + column] & 1U) != 0;
      dark[(row + kQuietZone) * size + column + kQuietZone] = is_dark;
    }
  }
  return QrCode(size, std::move(dark));
}

bool QrCode::is_dark(std::size_t row, std::size_t column) const {
  return row < size_ && column < size_ && dark_[row * size_ + column];
}

std::string qr_text(const QrCode& code, QrStyle style) {
  const std::size_t step = style == QrStyle::HalfBlocks ? 2 : 1;
  std::string text;
  for (std::size_t row = 0; row < code.size(); row += step) {
    switch (style) {
      case QrStyle::HalfBlocks:
        text += half_block_line(code, row);
        break;
      case QrStyle::ColouredSpaces:
        text += coloured_line(code, row);
        break;
      case QrStyle::Plain:
        text += plain_line(code, row);
        break;
    }
  }
  return text;
}

std::size_t qr_columns(const QrCode& code, QrStyle style) {
  return style == QrStyle::HalfBlocks ? code.size() : 2 * code.size();
}

}  // namespace twinlock::client
