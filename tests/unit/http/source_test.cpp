// SPDX-License-Identifier: MIT
#include "daemon/http/source.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace twinlock::http {
namespace {

std::vector<Network> proxies() {
  return {*Network::parse("10.0.0.0/8"), *Network::parse("2001:db8::/32")};
}

TEST(ClientAddress, IsThePeersUnlessThatIsAListedProxy) {  // S56
  const struct {
    const char* peer;
    std::vector<Field> headers;
    const char* client;
  } cases[] = {
      {"192.0.2.1", {}, "192.0.2.1"},
      {"192.0.2.1", {{"X-Forwarded-For", "198.51.100.7"}}, "192.0.2.1"},
      {"10.0.0.1", {}, "10.0.0.1"},
      {"10.0.0.1", {{"x-forwarded-for", "198.51.100.7"}}, "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "1.2.3.4, 198.51.100.7"}}, "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7 ,10.9.9.9"}}, "198.51.100.7"},
      {"10.0.0.1",
       {{"X-Forwarded-For", "1.2.3.4"}, {"X-Forwarded-For", "198.51.100.7,10.0.0.2"}},
       "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}, "10.0.0.3"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7, unknown"}}, "10.0.0.1"},
      // Whoever writes rubbish before what the proxy adds doesn't become the proxy (S64).
      {"10.0.0.1", {{"X-Forwarded-For", "unknown, 198.51.100.7"}}, "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "1.2.3.4:5,, 198.51.100.7, 10.0.0.2"}}, "198.51.100.7"},
      {"10.0.0.1", {{"X-Forwarded-For", "rubbish, 10.0.0.2"}}, "10.0.0.2"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7:4711"}}, "10.0.0.1"},
      {"10.0.0.1", {{"X-Forwarded-For", ""}}, "10.0.0.1"},
      {"10.0.0.1", {{"X-Forwarded-For", "198.51.100.7,"}}, "10.0.0.1"},
      {"10.0.0.1", {{"Forwarded", "for=198.51.100.7"}}, "10.0.0.1"},
      {"2001:db8::1", {{"X-Forwarded-For", "2001:470::9"}}, "2001:470::9"},
      {"::ffff:10.0.0.1", {{"X-Forwarded-For", "198.51.100.7"}}, "198.51.100.7"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(client_address(one.peer, one.headers, proxies()), one.client)
        << one.peer << " " << (one.headers.empty() ? "" : one.headers.front().second);
  }
}

TEST(Source, IsAnAddressOfIpv4AndASubnetOfIpv6) {
  EXPECT_NE(source_of("192.0.2.1"), source_of("192.0.2.2"));
  EXPECT_EQ(source_of("192.0.2.1"), source_of("::ffff:192.0.2.1"));
  EXPECT_EQ(source_of("2001:db8:1:2::1"), source_of("2001:db8:1:2:ffff::9"));
  EXPECT_NE(source_of("2001:db8:1:2::1"), source_of("2001:db8:1:3::1"));
}

TEST(Source, KnowsLoopback) {
  for (const auto* address : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback_address(address)) << address;
  }
  for (const auto* address : {"128.0.0.1", "10.0.0.1", "::2", "::", "localhost", ""}) {
    EXPECT_FALSE(is_loopback_address(address)) << address;
  }
}

}  // namespace
}  // namespace twinlock::http
