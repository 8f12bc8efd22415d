// SPDX-License-Identifier: MIT
#include "common/otpauth_uri.h"

#include <gtest/gtest.h>

#include "common/secret.h"

namespace twinlock {
namespace {

class OtpauthUriTest : public testing::Test {
 protected:
  const Secret seed_{std::string_view("Hello!\xDE\xAD\xBE\xEF")};  // of the format's own example
  OtpauthUri uri_{"totp", "ACME Co", "alice@example.com", seed_.bytes(), "SHA1", 6, 30, 0};
};

TEST_F(OtpauthUriTest, NamesEveryParameterEvenTheDefaults) {
  EXPECT_EQ(otpauth_uri(uri_),
            "otpauth://totp/ACME%20Co:alice%40example.com?secret=JBSWY3DPEHPK3PXP"
            "&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30");
}

TEST_F(OtpauthUriTest, OthersThanTheDefaultsAreWrittenAsTheyAre) {
  uri_.algorithm = "SHA512";
  uri_.digits = 8;
  uri_.period = 60;
  EXPECT_EQ(otpauth_uri(uri_),
            "otpauth://totp/ACME%20Co:alice%40example.com?secret=JBSWY3DPEHPK3PXP"
            "&issuer=ACME%20Co&algorithm=SHA512&digits=8&period=60");
}

TEST_F(OtpauthUriTest, AnHotpUriHasACounterAndNoPeriod) {
  uri_.kind = "hotp";
  uri_.counter = 18'446'744'073'709'551'615U;
  EXPECT_EQ(otpauth_uri(uri_),
            "otpauth://hotp/ACME%20Co:alice%40example.com?secret=JBSWY3DPEHPK3PXP"
            "&issuer=ACME%20Co&algorithm=SHA1&digits=6&counter=18446744073709551615");
}

TEST_F(OtpauthUriTest, NoNameAddsAParameter) {
  uri_.issuer = "a&b=c?d#e/f%g:h";
  uri_.account = "\xc3\xa9\n\"+";
  EXPECT_EQ(otpauth_uri(uri_),
            "otpauth://totp/a%26b%3Dc%3Fd%23e%2Ff%25g%3Ah:%C3%A9%0A%22%2B?secret=JBSWY3DPEHPK3PXP"
            "&issuer=a%26b%3Dc%3Fd%23e%2Ff%25g%3Ah&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace twinlock
