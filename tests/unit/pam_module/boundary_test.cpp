// SPDX-License-Identifier: MIT
#include "pam_module/boundary.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <security/pam_appl.h>

#include <memory>
#include <new>
#include <stdexcept>

#include "tests/unit/pam_module/pam_login.h"

namespace twinlock::pam {
namespace {

class Boundary : public testing::Test {
 protected:
  test::PamLogin login_{"sshd", "alice", "auth required pam_deny.so\n"};
  Log log_{login_.handle()};
};

TEST_F(Boundary, PassesTheCodeOfABodyThatEnds) {
  EXPECT_EQ(within_boundary(log_, [] { return PAM_MAXTRIES; }), PAM_MAXTRIES);
}

TEST_F(Boundary, TurnsEveryExceptionIntoUnavailable) {  // S16, S01
  EXPECT_EQ(within_boundary(log_, []() -> int { throw std::runtime_error("?"); }),
            PAM_AUTHINFO_UNAVAIL);
  EXPECT_EQ(within_boundary(log_, []() -> int { throw 0; }), PAM_AUTHINFO_UNAVAIL);
}

TEST_F(Boundary, TurnsLackOfMemoryIntoItsOwnCode) {  // S03
  EXPECT_EQ(within_boundary(log_, []() -> int { throw std::bad_alloc(); }), PAM_BUF_ERR);
}

// What pthread_exit() and cancellation throw is glibc's; whoever swallows it is aborted.
TEST_F(Boundary, LetsAThreadThatIsEndedEnd) {  // S16
  struct Argument {
    Log& log;
    bool destroyed = false;
    bool returned = false;
  } argument{log_};
  pthread_t thread{};
  const auto body = [](void* raw) -> void* {
    auto& given = *static_cast<Argument*>(raw);
    within_boundary(given.log, [&given]() -> int {
      const auto note = [](bool* destroyed) { *destroyed = true; };
      const std::unique_ptr<bool, decltype(note)> noting(&given.destroyed, note);
      pthread_exit(nullptr);
    });
    given.returned = true;
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, nullptr, body, &argument), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  EXPECT_TRUE(argument.destroyed);
  EXPECT_FALSE(argument.returned);
}

}  // namespace
}  // namespace twinlock::pam
