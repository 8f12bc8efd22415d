// SPDX-License-Identifier: MIT
#include "client/qr_code.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace twinlock::client {
namespace {

constexpr const char* kUri =
    "otpauth://totp/Twinlock:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Twinlock"
    "&algorithm=SHA1&digits=6&period=30";

// Every fitting code of a terminal, without the escape sequences that colour it.
std::string without_colours(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') {
      i = text.find('m', i);
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// What half blocks show: rows of modules, dark as 'x'.
std::vector<std::string> modules_of(const std::string& half_blocks) {
  const std::map<std::string, std::string> glyphs{
      {"█", "xx"}, {"▀", "x "}, {"▄", " x"}, {" ", "  "}};
  std::vector<std::string> rows;
  std::istringstream lines(without_colours(half_blocks));
  for (std::string line; std::getline(lines, line);) {
    std::string upper;
    std::string lower;
    for (std::size_t i = 0; i < line.size();) {
      const std::size_t length = line[i] == ' ' ? 1 : 3;
      const auto& pair = glyphs.at(line.substr(i, length));
      upper += pair[0];
      lower += pair[1];
      i += length;
    }
    rows.push_back(upper);
    rows.push_back(lower);
  }
  return rows;
}

TEST(QrCode, HalfBlocksShowEveryModuleOfTheCode) {
  const auto code = QrCode::encode(kUri);
  ASSERT_TRUE(code);
  const auto rows = modules_of(qr_text(*code, QrStyle::HalfBlocks));
  ASSERT_GE(rows.size(), code->size());
  for (std::size_t row = 0; row < code->size(); ++row) {
    ASSERT_EQ(rows[row].size(), code->size());
    for (std::size_t column = 0; column < code->size(); ++column) {
      ASSERT_EQ(rows[row][column] == 'x', code->is_dark(row, column)) << row << ',' << column;
    }
  }
}

TEST(QrCode, FourLightModulesSurroundIt) {  // ISO/IEC 18004 §6.3.8
  const auto code = QrCode::encode(kUri);
  ASSERT_TRUE(code);
  const auto last = code->size() - 1;
  for (std::size_t i = 0; i < code->size(); ++i) {
    for (std::size_t margin = 0; margin < 4; ++margin) {
      EXPECT_FALSE(code->is_dark(margin, i));
      EXPECT_FALSE(code->is_dark(i, margin));
      EXPECT_FALSE(code->is_dark(last - margin, i));
      EXPECT_FALSE(code->is_dark(i, last - margin));
    }
  }
  EXPECT_TRUE(code->is_dark(4, 4));  // the corner of a finder pattern
}

TEST(QrCode, BothColoursAreSetOnEachLineAndResetBehindIt) {
  const auto code = QrCode::encode(kUri);
  ASSERT_TRUE(code);
  std::istringstream lines(qr_text(*code, QrStyle::HalfBlocks));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.starts_with("\033[38;5;16;48;5;231m"));
    EXPECT_TRUE(line.ends_with("\033[0m"));
  }
}

TEST(QrCode, WithoutUtf8AModuleIsTwoColouredSpaces) {
  const auto code = QrCode::encode(kUri);
  ASSERT_TRUE(code);
  std::istringstream lines(qr_text(*code, QrStyle::ColouredSpaces));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(without_colours(line), std::string(2 * code->size(), ' '));
  }
  EXPECT_EQ(count, code->size());
}

TEST(QrCode, WithoutColoursItIsPlainAscii) {
  const auto code = QrCode::encode(kUri);
  ASSERT_TRUE(code);
  const auto text = qr_text(*code, QrStyle::Plain);
  EXPECT_EQ(text.find_first_not_of("# \n"), std::string::npos);
  EXPECT_NE(text.find("##############  "), std::string::npos);  // a finder pattern's edge
}

TEST(QrCode, ASeedOfTheLongestKindFitsATerminalOfEightyColumns) {
  const auto code = QrCode::encode(std::string(kUri) + std::string(103 - 32 + 20, 'A'));
  ASSERT_TRUE(code);
  EXPECT_LE(qr_columns(*code, QrStyle::HalfBlocks), 80U);
}

TEST(QrCode, ATextTooLongForACodeIsInvalidInput) {
  const auto code = QrCode::encode(std::string(4000, 'a'));
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, ErrorCode::InvalidInput);
}

}  // namespace
}  // namespace twinlock::client
