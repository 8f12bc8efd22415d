// SPDX-License-Identifier: MIT
#include "daemon/domain/contact.h"

#include <gtest/gtest.h>

#include <string>

namespace twinlock {
namespace {

TEST(PhoneNumber, IsBroughtToItsE164Form) {
  EXPECT_EQ(parse_phone_number("+15551234567"), "+15551234567");
  EXPECT_EQ(parse_phone_number("+1 (555) 123-45.67"), "+15551234567");
  EXPECT_EQ(parse_phone_number("+44207183875044"), "+44207183875044");
  EXPECT_EQ(parse_phone_number("+123456"), "+123456");
  EXPECT_EQ(parse_phone_number("+123456789012345"), "+123456789012345");
}

TEST(PhoneNumber, OfAnotherFormIsNone) {
  for (const auto* text : {"",
                           "+",
                           "15551234567",
                           "+12345",
                           "+1234567890123456",
                           "+05551234567",
                           "+1555x234567",
                           "++15551234567",
                           "+1555+1234567",
                           "tel:+15551234567",
                           "+1555\n1234567"}) {
    EXPECT_FALSE(parse_phone_number(text)) << text;
  }
}

TEST(MailAddress, IsADotAtomAtAHostName) {  // S84
  for (const auto* text :
       {"alice@example.com", "a.b+c@sub-1.example.org", "o'neil@example.com", "root@localhost"}) {
    EXPECT_TRUE(is_mail_address(text)) << text;
  }
  EXPECT_TRUE(is_mail_address(std::string(64, 'a') + "@example.com"));
}

TEST(MailAddress, OfAnotherFormIsNone) {  // S84
  for (const auto* text : {"",
                           "alice",
                           "@example.com",
                           "alice@",
                           "alice@@example.com",
                           "alice@example..com",
                           ".alice@example.com",
                           "alice.@example.com",
                           "alice@-example.com",
                           "alice@example-.com",
                           "alice@example.com.",
                           "\"alice\"@example.com",
                           "Alice <alice@example.com>",
                           "alice@[192.0.2.1]",
                           "alice@example.com\r\nBcc: x@y",
                           "alice@ex\xc3\xa4mple.com",
                           "al ice@example.com"}) {
    EXPECT_FALSE(is_mail_address(text)) << text;
  }
  EXPECT_FALSE(is_mail_address(std::string(65, 'a') + "@example.com"));
  EXPECT_FALSE(is_mail_address("a@" + std::string(64, 'b') + ".com"));
  std::string longest = "a@b";
  while (longest.size() < 255) longest += ".b";
  EXPECT_FALSE(is_mail_address(longest));
}

TEST(MailAddress, IsTheSameInEveryCase) {
  EXPECT_EQ(canonical_mail_address("Alice@Example.COM"), "alice@example.com");
}

TEST(Masks, ShowFourDigitsOfANumber) {  // guardian-api 1.11
  EXPECT_EQ(masked_phone_number("+15551234567"), "XXXXXXXX4567");
  EXPECT_EQ(masked_phone_number("+44207183875044"), "XXXXXXXXXXX5044");
  EXPECT_EQ(masked_phone_number("123"), "123");
}

TEST(Masks, ShowFourLettersOfEachPartOfAnAddress) {  // guardian-api 1.11
  EXPECT_EQ(masked_mail_address("marianne@example.com"), "mari****@exam*******");
  EXPECT_EQ(masked_mail_address("chuck334@example.com"), "chuc****@exam*******");
  EXPECT_EQ(masked_mail_address("bob@example.com"), "****@exam*******");
  EXPECT_EQ(masked_mail_address("jane@example.com"), "****@exam*******");
  EXPECT_EQ(masked_mail_address("janet@ab.de"), "jane*@ab.d*");
}

}  // namespace
}  // namespace twinlock
