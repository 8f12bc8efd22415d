// SPDX-License-Identifier: MIT
#include "pam_module/login_context.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "common/login_wire.h"
#include "tests/unit/pam_module/pam_login.h"

namespace twinlock::pam {
namespace {

struct Source {
  const char* service;
  const char* ssh_connection;
  const char* rhost;
  const char* expected;
};

class SourceAddress : public testing::TestWithParam<Source> {};

TEST_P(SourceAddress, IsAnAddressLiteralFromSshdOrUnknown) {  // S14
  const auto& row = GetParam();
  EXPECT_EQ(source_address(row.service, row.ssh_connection, row.rhost), row.expected);
}

INSTANTIATE_TEST_SUITE_P(
    S14,
    SourceAddress,
    testing::Values(
        Source{"sshd", "203.0.113.7 50022 192.0.2.1 22", "", "203.0.113.7"},
        Source{"sshd", "203.0.113.7 50022 192.0.2.1 22", "198.51.100.9", "203.0.113.7"},
        Source{"sshd", "2001:DB8::0:7 50022 2001:db8::1 22", "", "2001:db8::7"},
        Source{"sshd", "", "203.0.113.7", "203.0.113.7"},
        Source{"sshd", "", "2001:db8::7", "2001:db8::7"},
        Source{"sshd", "UNKNOWN 65535 UNKNOWN 65535", "203.0.113.7", "203.0.113.7"},
        // A reverse name of the attacker's choice, under UseDNS.
        Source{"sshd", "", "office.example.com", ""},
        Source{"sshd", "", "10.0.0.1.evil.example", ""},
        Source{"sshd", "office.example.com 1 192.0.2.1 22", "office.example.com", ""},
        // Spellings that only a resolver would take.
        Source{"sshd", "", "127.1", ""},
        Source{"sshd", "", "0x7f000001", ""},
        Source{"sshd", "", " 203.0.113.7", ""},
        Source{"sshd", "", "203.0.113.7\n", ""},
        Source{"sshd", "", "fe80::1%eth0", ""},
        Source{"sshd", " 203.0.113.7", "", ""},
        Source{"sshd", "", "", ""},
        // Never believed for other services: variables are planted, rhost is the machine itself.
        Source{"sudo", "203.0.113.7 50022 192.0.2.1 22", "", ""},
        Source{"sudo", "", "203.0.113.7", ""},
        Source{"su", "", "203.0.113.7", ""},
        Source{"login", "", "203.0.113.7", ""},
        Source{"vsftpd", "", "203.0.113.7", ""},
        Source{"twinsshd", "203.0.113.7 50022 192.0.2.1 22", "203.0.113.7", ""},
        Source{"SSHD", "", "203.0.113.7", ""},
        Source{"", "", "203.0.113.7", ""}));

TEST(LocalTerminal, IsAConsoleOfThisMachine) {
  for (const char* const tty : {"tty1", "/dev/tty1", "/dev/tty63", "console", "/dev/console"}) {
    EXPECT_TRUE(is_local_terminal("login", tty, "", "")) << tty;
  }
}

TEST(LocalTerminal, IsNothingThatAnybodyCouldOpenFromAfar) {
  for (const char* const tty :
       {"", "ssh", "pts/1", "/dev/pts/1", "tty", "ttyS0", "tty1x", ":0", "/dev//tty1", "1"}) {
    EXPECT_FALSE(is_local_terminal("login", tty, "", "")) << tty;
  }
  EXPECT_FALSE(is_local_terminal("login", "tty1", "example.com", ""));
  EXPECT_FALSE(is_local_terminal("login", "tty1", "", "203.0.113.7 1 192.0.2.1 22"));
  EXPECT_FALSE(is_local_terminal("sshd", "tty1", "", ""));
}

constexpr const char* kNoStack = "auth required pam_deny.so\n";

TEST(LoginContext, ComesFromTheItemsAndTheEnvironmentOfPam) {
  test::PamLogin login("sshd", "alice", kNoStack);
  login.set(PAM_RHOST, "office.example.com");
  login.set(PAM_TTY, "ssh");
  login.set(PAM_RUSER, "mallory");
  pam_putenv(login.handle(), "SSH_CONNECTION=203.0.113.7 50022 192.0.2.1 22");
  pam_putenv(login.handle(), "LANG=de_DE.UTF-8");
  const auto context = read_login_context(login.handle());
  ASSERT_TRUE(context);
  EXPECT_EQ(context->user, "alice");
  EXPECT_EQ(context->service, "sshd");
  EXPECT_EQ(context->source, "203.0.113.7");
  EXPECT_EQ(context->rhost, "office.example.com");
  EXPECT_EQ(context->tty, "ssh");
  EXPECT_EQ(context->ruser, "mallory");
  EXPECT_EQ(context->locale, "de_DE.UTF-8");
  EXPECT_EQ(context->capabilities, std::uint32_t{wire::kInteractive});
}

TEST(LoginContext, DoesNotLookAtTheEnvironmentOfTheProcess) {  // S09, S14
  setenv("SSH_CONNECTION", "203.0.113.7 50022 192.0.2.1 22", 1);
  test::PamLogin login("sshd", "alice", kNoStack);
  const auto context = read_login_context(login.handle());
  unsetenv("SSH_CONNECTION");
  ASSERT_TRUE(context);
  EXPECT_EQ(context->source, "");
}

TEST(LoginContext, OfAConsoleSaysSo) {
  test::PamLogin login("login", "alice", kNoStack);
  login.set(PAM_TTY, "/dev/tty1");
  const auto context = read_login_context(login.handle());
  ASSERT_TRUE(context);
  EXPECT_EQ(context->capabilities, wire::kInteractive | wire::kLocalTerminal);
}

TEST(LoginContext, OfAProgramWithoutAConversationIsNotInteractive) {  // S27
  test::PamLogin login("cron", "alice", kNoStack);
  const pam_conv nobody{nullptr, nullptr};
  login.set(PAM_CONV, &nobody);
  const auto context = read_login_context(login.handle());
  ASSERT_TRUE(context);
  EXPECT_EQ(context->capabilities, 0U);
}

TEST(LoginContext, RefusesAUserWhoCannotTravelOnTheBus) {
  for (const auto& user :
       {std::string(), std::string(257, 'a'), std::string("al\xffice"), std::string("\xc0\x80")}) {
    test::PamLogin login("sshd", user, kNoStack);
    EXPECT_FALSE(read_login_context(login.handle())) << user.size();
  }
  test::PamLogin longest("sshd", std::string(256, 'a'), kNoStack);
  EXPECT_TRUE(read_login_context(longest.handle()));
}

TEST(LoginContext, RefusesAServiceOverItsLimit) {
  test::PamLogin login("sshd", "alice", kNoStack);
  login.set(PAM_SERVICE, std::string(65, 's').c_str());
  EXPECT_FALSE(read_login_context(login.handle()));
}

TEST(LoginContext, CutsAndFiltersWhatIsForTheLogOnly) {
  test::PamLogin login("sshd", "alice", kNoStack);
  login.set(PAM_RHOST, (std::string(300, 'h')).c_str());
  login.set(PAM_TTY, "t\x1b]0;x\x07y");
  login.set(PAM_RUSER, "\xff\n");
  const auto context = read_login_context(login.handle());
  ASSERT_TRUE(context);
  EXPECT_EQ(context->rhost, std::string(255, 'h'));
  EXPECT_EQ(context->tty, "t]0;xy");
  EXPECT_EQ(context->ruser, "");
}

}  // namespace
}  // namespace twinlock::pam
