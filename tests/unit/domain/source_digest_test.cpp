// SPDX-License-Identifier: MIT
#include "daemon/domain/source_digest.h"

#include <gtest/gtest.h>

#include "tests/fakes/fake_key_ring.h"

namespace twinlock {
namespace {

TEST(SourceDigestTest, AnIpv4AddressCountsByItself) {
  EXPECT_EQ(counted_source("192.0.2.7"), counted_source("::ffff:192.0.2.7"));
  EXPECT_NE(counted_source("192.0.2.7"), counted_source("192.0.2.8"));
}

TEST(SourceDigestTest, AnIpv6AddressCountsWithItsSlash64) {
  EXPECT_EQ(counted_source("2001:db8::1"), counted_source("2001:db8::ffff:ffff:ffff:ffff"));
  EXPECT_NE(counted_source("2001:db8::1"), counted_source("2001:db8:0:1::1"));
}

TEST(SourceDigestTest, WhatIsNoLiteralIsNoPlace) {  // S14
  FakeKeyRing keys;
  for (const char* source : {"", "localhost", "192.0.2.7 ", "192.0.2.7:22", "fe80::1%eth0"}) {
    EXPECT_EQ(counted_source(source), "") << source;
    const auto digest = source_digest(keys, std::nullopt, source);
    ASSERT_TRUE(digest);
    EXPECT_FALSE(*digest) << source;
  }
}

TEST(SourceDigestTest, APlaceHasADigestUnderEachKey) {
  FakeKeyRing keys;
  const auto old = source_digest(keys, std::nullopt, "192.0.2.7");
  keys.rotate();
  const auto fresh = source_digest(keys, std::nullopt, "192.0.2.7");
  ASSERT_TRUE(old && *old && fresh && *fresh);
  EXPECT_NE(**old, **fresh);
  EXPECT_EQ(*source_digest(keys, KeyId{1}, "192.0.2.7"), **old);
  keys.lose(1);
  EXPECT_FALSE(source_digest(keys, KeyId{1}, "192.0.2.7"));
}

}  // namespace
}  // namespace twinlock
