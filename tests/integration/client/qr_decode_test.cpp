// SPDX-License-Identifier: MIT
//
// What a phone sees: the code as the terminal shows it, read by another program.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "client/qr_code.h"

namespace twinlock::client {
namespace {

constexpr int kScale = 4;  // pixels a module

// The terminal's picture of half blocks as a PGM image; light is what the escape sequences make
// the ground, dark what they make the glyphs.
std::string image_of(const QrCode& code) {
  const auto text = qr_text(code, QrStyle::HalfBlocks);
  std::array<std::string, 2> rows;
  std::string pixels;
  const auto flush = [&] {
    for (const auto& row : rows) {
      for (int i = 0; i < kScale; ++i) pixels += row;
    }
    rows[0].clear();
    rows[1].clear();
  };
  const auto cell = [&](bool upper, bool lower) {
    rows[0].append(kScale, upper ? '\0' : '\xFF');
    rows[1].append(kScale, lower ? '\0' : '\xFF');
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') {
      i = text.find('m', i);
    } else if (text[i] == '\n') {
      flush();
    } else if (text[i] == ' ') {
      cell(false, false);
    } else {
      const auto glyph = text.substr(i, 3);
      cell(glyph != "▄", glyph != "▀");
      i += 2;
    }
  }
  const auto width = code.size() * kScale;
  const auto height = pixels.size() / width;
  return "P5 " + std::to_string(width) + ' ' + std::to_string(height) + " 255\n" + pixels;
}

std::string output_of(const std::string& command) {
  // NOLINTNEXTLINE(cert-env33-c): the commands are the tests' own
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 4096> buffer{};
  std::string text;
  while (fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) text += buffer.data();
  return text;
}

TEST(QrDecode, AReaderFindsTheUriInWhatTheTerminalShows) {
  if (output_of("command -v zbarimg").empty()) GTEST_SKIP() << "zbarimg is not installed";
  const std::string uri =
      "otpauth://totp/Twinlock%20on%20host:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
      "&issuer=Twinlock%20on%20host&algorithm=SHA1&digits=6&period=30";
  const auto code = QrCode::encode(uri);
  ASSERT_TRUE(code);
  const auto file = testing::TempDir() + "/twinlock-qr-" + std::to_string(getpid()) + ".pgm";
  std::ofstream(file, std::ios::binary) << image_of(*code);
  EXPECT_EQ(output_of("zbarimg --quiet --raw " + file + " 2>/dev/null"), uri + '\n');
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace twinlock::client
