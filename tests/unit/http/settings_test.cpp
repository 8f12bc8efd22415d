// SPDX-License-Identifier: MIT
#include "daemon/http/settings.h"

#include <gtest/gtest.h>

#include "daemon/http/host_check.h"

namespace twinlock::http {
namespace {

TEST(ListenAddress, IsALiteralAndAPort) {
  EXPECT_EQ(ListenAddress::parse("127.0.0.1:8443"), (ListenAddress{"127.0.0.1", 8443}));
  EXPECT_EQ(ListenAddress::parse("[::1]:0"), (ListenAddress{"::1", 0}));
  EXPECT_EQ(ListenAddress::parse("[::1]:443")->text(), "[::1]:443");
  for (const auto* text : {"",
                           "127.0.0.1",
                           ":8443",
                           "localhost:8443",
                           "::1:8443",
                           "[::1]",
                           "127.0.0.1:65536",
                           "127.0.0.1:-1",
                           "127.0.0.1:",
                           "127.0.0.1:80x",
                           "[127.0.0.1]:80",
                           "300.0.0.1:80"}) {
    EXPECT_EQ(ListenAddress::parse(text), std::nullopt) << text;
  }
}

TEST(ServerSettings, ExposePlainHttpNowhereButOnLoopback) {  // S52
  ServerSettings settings;
  EXPECT_EQ(exposed_address(settings), std::nullopt);
  settings.listen = {{"::1", 80}, {"192.0.2.1", 80}};
  EXPECT_EQ(exposed_address(settings), (ListenAddress{"192.0.2.1", 80}));
  settings.certificate = "/etc/twinlock/tls.pem";
  EXPECT_EQ(exposed_address(settings), std::nullopt);
  settings = {};
  settings.listen = {{"0.0.0.0", 80}};
  EXPECT_TRUE(exposed_address(settings));
}

TEST(PublicUrl, IsASchemeAHostAndAPort) {
  EXPECT_EQ(PublicUrl::parse("https://Auth.Example.org")->text(), "https://auth.example.org");
  EXPECT_EQ(PublicUrl::parse("https://auth.example.org:443/")->text(), "https://auth.example.org");
  EXPECT_EQ(PublicUrl::parse("https://auth.example.org:8443")->text(),
            "https://auth.example.org:8443");
  EXPECT_EQ(PublicUrl::parse("http://[::1]:8080")->text(), "http://[::1]:8080");
  for (const auto* text : {"",
                           "auth.example.org",
                           "ftp://a",
                           "https://",
                           "https://a/b",
                           "https://u@a",
                           "https://a:0",
                           "https://a:99999",
                           "https://a:",
                           "https://a?b",
                           "https://a b",
                           "https://.a",
                           "https://a.",
                           "https://a..b",
                           "https://[::1",
                           "https://a_b",
                           "https://-a",
                           "https://*.a"}) {
    EXPECT_EQ(PublicUrl::parse(text), std::nullopt) << text;
  }
}

TEST(Origin, IsWrittenAsBrowsersDo) {  // S60
  for (const auto* text : {"https://a.example", "http://localhost:3000"}) {
    EXPECT_TRUE(is_origin(text)) << text;
  }
  for (const auto* text : {"*",
                           "null",
                           "https://A.example",
                           "https://a.example/",
                           "https://a.example:443",
                           "https://*.example"}) {
    EXPECT_FALSE(is_origin(text)) << text;
  }
}

class HostCheck : public testing::Test {
 protected:
  [[nodiscard]] bool is_ours(const char* host, const char* listener = "192.0.2.1") const {
    return is_our_host(host, url_, {listener, 8443}, true);
  }
  std::optional<PublicUrl> url_ = PublicUrl::parse("https://auth.example.org");
};

TEST_F(HostCheck, TakesThePublicNameAlone) {  // S61
  for (const auto* host : {"auth.example.org", "AUTH.example.org", "auth.example.org:443"}) {
    EXPECT_TRUE(is_ours(host)) << host;
  }
  for (const auto* host : {"",
                           "example.org",
                           "auth.example.org.",
                           "auth.example.org:8443",
                           "auth.example.org/",
                           "evil.example",
                           "auth.example.org@evil.example",
                           "192.0.2.1:8443",
                           "localhost:8443",
                           "auth.example.org, evil.example"}) {
    EXPECT_FALSE(is_ours(host)) << host;
  }
}

TEST_F(HostCheck, WantsThePortWhereItIsNotTheSchemesOwn) {  // S61
  url_ = PublicUrl::parse("https://auth.example.org:8443");
  EXPECT_TRUE(is_ours("auth.example.org:8443"));
  EXPECT_FALSE(is_ours("auth.example.org"));
}

TEST_F(HostCheck, TakesLoopbackNamesOnALoopbackListener) {  // S61
  for (const auto* host : {"localhost:8443", "127.0.0.1:8443", "[::1]:8443", "LOCALHOST:8443"}) {
    EXPECT_TRUE(is_ours(host, "127.0.0.1")) << host;
  }
  for (const auto* host : {"localhost",
                           "localhost:80",
                           "localhost.evil.example:8443",
                           "rebound.example:8443",
                           "10.0.0.1:8443"}) {
    EXPECT_FALSE(is_ours(host, "127.0.0.1")) << host;
  }
}

}  // namespace
}  // namespace twinlock::http
