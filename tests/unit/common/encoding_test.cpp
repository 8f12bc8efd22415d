// SPDX-License-Identifier: MIT
#include "common/encoding.h"

#include <gtest/gtest.h>

#include <string>

namespace twinlock {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Pair {
  const char* plain;
  const char* encoded;
};

class Rfc4648Base32Test : public testing::TestWithParam<Pair> {};

TEST_P(Rfc4648Base32Test, EncodesAndDecodesTheVectorsOfSection10) {
  EXPECT_EQ(base32_encode(bytes_of(GetParam().plain)), GetParam().encoded);
  const auto decoded = base32_decode(GetParam().encoded);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->text(), GetParam().plain);
}

INSTANTIATE_TEST_SUITE_P(Vectors,
                         Rfc4648Base32Test,
                         testing::Values(Pair{"", ""},
                                         Pair{"f", "MY"},
                                         Pair{"fo", "MZXQ"},
                                         Pair{"foo", "MZXW6"},
                                         Pair{"foob", "MZXW6YQ"},
                                         Pair{"fooba", "MZXW6YTB"},
                                         Pair{"foobar", "MZXW6YTBOI"}));

class Base32FormTest : public testing::TestWithParam<const char*> {};

TEST_P(Base32FormTest, IsReadAsFoobar) {  // S92
  const auto decoded = base32_decode(GetParam());
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->text(), "foobar");
}

INSTANTIATE_TEST_SUITE_P(AsPeopleType,
                         Base32FormTest,
                         testing::Values("MZXW6YTBOI",
                                         "mzxw6ytboi",
                                         "MZXW 6YTB OI",
                                         "mzxw-6ytb-oi",
                                         "MZXW6YTBOI======",
                                         " MZXW6YTBOI "));

class NoBase32Test : public testing::TestWithParam<std::string> {};

TEST_P(NoBase32Test, IsRefused) { EXPECT_FALSE(base32_decode(GetParam())); }  // S92

INSTANTIATE_TEST_SUITE_P(Strict,
                         NoBase32Test,
                         testing::Values("M",
                                         "MZX",
                                         "MZXW6Y",
                                         "MZXW6YTBO",
                                         "MZ",  // bits left over
                                         "MZXR",
                                         "MZXW7",
                                         "MZXW6YR",
                                         "M0",
                                         "M1",
                                         "M8",
                                         "M9",
                                         "M_",
                                         "MY\n",
                                         "MY=",
                                         "MY=====",
                                         "MY=======",
                                         "MY======A",
                                         "MZXW6YTB=",
                                         "MZXW6YTB========",
                                         "=",
                                         "========",
                                         "M=Y=====",
                                         std::string("MY\0", 3),
                                         "\xc3\x89MY"));

class Rfc4648Base64urlTest : public testing::TestWithParam<Pair> {};

TEST_P(Rfc4648Base64urlTest, EncodesAndDecodesTheVectorsOfSection10) {
  EXPECT_EQ(base64url_encode(bytes_of(GetParam().plain)), GetParam().encoded);
  const auto decoded = base64url_decode(GetParam().encoded);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::string(decoded->begin(), decoded->end()), GetParam().plain);
}

INSTANTIATE_TEST_SUITE_P(Vectors,
                         Rfc4648Base64urlTest,
                         testing::Values(Pair{"", ""},
                                         Pair{"f", "Zg"},
                                         Pair{"fo", "Zm8"},
                                         Pair{"foo", "Zm9v"},
                                         Pair{"foob", "Zm9vYg"},
                                         Pair{"fooba", "Zm9vYmE"},
                                         Pair{"foobar", "Zm9vYmFy"},
                                         Pair{"\xfb\xff\xfe", "-__-"}));

class NoBase64urlTest : public testing::TestWithParam<std::string> {};

TEST_P(NoBase64urlTest, IsRefused) { EXPECT_FALSE(base64url_decode(GetParam())); }  // S94

INSTANTIATE_TEST_SUITE_P(Strict,
                         NoBase64urlTest,
                         testing::Values("Z",
                                         "Zm9vY",
                                         "Zh",  // bits left over
                                         "Zm9",
                                         "Zg==",
                                         "Zm9v====",
                                         "Zm+v",
                                         "Zm/v",
                                         "Zm9v ",
                                         "Zm9v\n",
                                         std::string("Zg\0", 3),
                                         "Z\xe9"));

TEST(HexTest, IsWrittenLowAndReadInBothCases) {
  EXPECT_EQ(hex_encode(bytes_of(std::string_view("\x00\x7f\xff\x1a", 4))), "007fff1a");
  for (const char* text : {"007fff1a", "007FFF1A", "007fFf1A"}) {
    const auto decoded = hex_decode(text);
    ASSERT_TRUE(decoded) << text;
    EXPECT_EQ(hex_encode(*decoded), "007fff1a");
  }
  EXPECT_TRUE(hex_decode("")->empty());
}

TEST(HexTest, AnythingElseIsRefused) {
  for (const std::string& text : {std::string("0"),
                                  std::string("0g"),
                                  std::string("0x"),
                                  std::string("00 1"),
                                  std::string("-1"),
                                  std::string("a\0", 2)}) {
    EXPECT_FALSE(hex_decode(text)) << text;
  }
}

struct Utf8 {
  std::string bytes;
  bool well_formed;
};

class Utf8Test : public testing::TestWithParam<Utf8> {};

TEST_P(Utf8Test, IsToldAsTable37OfUnicodeSays) {
  EXPECT_EQ(is_utf8(GetParam().bytes), GetParam().well_formed);
}

INSTANTIATE_TEST_SUITE_P(Table37,
                         Utf8Test,
                         testing::Values(Utf8{"", true},
                                         Utf8{"abc", true},
                                         Utf8{"\xc2\x80", true},
                                         Utf8{"\xdf\xbf", true},
                                         Utf8{"\xe0\xa0\x80", true},
                                         Utf8{"\xed\x9f\xbf", true},
                                         Utf8{"\xee\x80\x80", true},
                                         Utf8{"\xf0\x90\x80\x80", true},
                                         Utf8{"\xf4\x8f\xbf\xbf", true},
                                         Utf8{"\x80", false},
                                         Utf8{"\xbf", false},
                                         Utf8{"\xc0\x80", false},  // overlong
                                         Utf8{"\xc1\xbf", false},
                                         Utf8{"\xe0\x9f\xbf", false},
                                         Utf8{"\xf0\x8f\xbf\xbf", false},
                                         Utf8{"\xed\xa0\x80", false},  // surrogates
                                         Utf8{"\xed\xbf\xbf", false},
                                         Utf8{"\xf4\x90\x80\x80", false},  // beyond U+10FFFF
                                         Utf8{"\xf5\x80\x80\x80", false},
                                         Utf8{"\xff", false},
                                         Utf8{"\xc2", false},
                                         Utf8{"\xe2\x82", false},
                                         Utf8{"\xf0\x9f\x98", false},
                                         Utf8{"\xc2\x41", false},
                                         Utf8{"\xe2\x82\x41", false}));

struct Shown {
  std::string text;
  std::string safe;
};

class PrintableTest : public testing::TestWithParam<Shown> {};

TEST_P(PrintableTest, DropsWhatCouldSteerATerminal) {  // S21
  EXPECT_EQ(printable(GetParam().text, 512), GetParam().safe);
}

INSTANTIATE_TEST_SUITE_P(Controls,
                         PrintableTest,
                         testing::Values(Shown{"plain text, 1 + 1", "plain text, 1 + 1"},
                                         Shown{"gr\xc3\xbc\xc3\x9f \xe2\x9c\x93 \xf0\x9f\x98\x80",
                                               "gr\xc3\xbc\xc3\x9f \xe2\x9c\x93 \xf0\x9f\x98\x80"},
                                         Shown{"\x1b[31mred\x1b[0m", "[31mred[0m"},
                                         Shown{"a\rb\tc\bd\x7f"
                                               "e\nf",
                                               "abcdef"},
                                         Shown{std::string("a\0b", 3), "ab"},
                                         Shown{"a\xc2\x80"
                                               "b\xc2\x9b"
                                               "c\xc2\x9f"
                                               "d",
                                               "abcd"},  // C1, CSI among them
                                         Shown{"a\xc2\xa0"
                                               "b",
                                               "a\xc2\xa0"
                                               "b"},
                                         Shown{"\xd8\x9c"
                                               "a\xe2\x80\x8e"
                                               "b\xe2\x80\x8f"
                                               "c",
                                               "abc"},  // marks
                                         Shown{"a\xe2\x80\xaa"
                                               "b\xe2\x80\xad"
                                               "c\xe2\x80\xae"
                                               "d",
                                               "abcd"},
                                         Shown{"a\xe2\x80\xa8"
                                               "b\xe2\x80\xa9"
                                               "c",
                                               "abc"},  // line, paragraph
                                         Shown{"a\xe2\x81\xa6"
                                               "b\xe2\x81\xa9"
                                               "c",
                                               "abc"},  // isolates
                                         Shown{"a\xff"
                                               "b\xc3"
                                               "c\xe2\x82"
                                               "d",
                                               "abcd"},  // not UTF-8
                                         Shown{"a\xed\xa0\x80"
                                               "b",
                                               "ab"},
                                         Shown{"\xc0\x9b"
                                               "31m",
                                               "31m"}));  // overlong escape

TEST(PrintableLengthTest, NeverEndsInsideACharacter) {
  const std::string three = "\xe2\x9c\x93\xe2\x9c\x93";
  EXPECT_EQ(printable(three, 6), three);
  EXPECT_EQ(printable(three, 5), three.substr(0, 3));
  EXPECT_EQ(printable(three, 2), "");
  EXPECT_EQ(printable("abc", 0), "");
}

TEST(PrintableLengthTest, WhatIsDroppedTakesNoRoom) {
  EXPECT_EQ(printable("\x1b\x1b\x1b"
                      "abc",
                      3),
            "abc");
}

TEST(PrintableLengthTest, NewlinesStayOnRequest) {
  EXPECT_EQ(printable("a\nb\r\n", 512, true), "a\nb\n");
}

TEST(Escaped, SpellsOutWhatATerminalWouldObeyOrHide) {
  EXPECT_EQ(escaped("\x1b[31mred\n\x7f", 512), R"(\x1b[31mred\x0a\x7f)");
  EXPECT_EQ(escaped("a\xe2\x80\xae"
                    "b\xc2\x9b",
                    512),
            R"(a\u202eb\u009b)");
  EXPECT_EQ(escaped("\xff\xc0\x9b", 512), R"(\xff\xc0\x9b)");
  EXPECT_EQ(escaped(R"(\x1b)", 512), R"(\\x1b)");  // not to be taken for the control
  EXPECT_EQ(escaped("gr\xc3\xbc\xc3\x9f \xe2\x9c\x93", 512), "gr\xc3\xbc\xc3\x9f \xe2\x9c\x93");
}

TEST(Escaped, SaysWhereItWasCut) {
  EXPECT_EQ(escaped("abcdef", 6), "abcdef");
  EXPECT_EQ(escaped("abcdefg", 6), "abc...");
  EXPECT_EQ(escaped("a\x1b\x1b", 8), R"(a\x1b...)");
  EXPECT_EQ(escaped("\x1b", 3), "...");
}

}  // namespace
}  // namespace twinlock
