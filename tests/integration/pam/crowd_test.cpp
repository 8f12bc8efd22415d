// SPDX-License-Identifier: MIT
//
// Many logins at once, and many one after the other.
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <systemd/sd-bus.h>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/pam/module_fixture.h"

namespace twinlock::test {
namespace {

using testing::Each;

// How many the bus at `address` has, the one that asks included.
std::size_t count_connections(const std::string& address) {
  sd_bus* bus = nullptr;
  char** names = nullptr;
  if (sd_bus_new(&bus) < 0 || sd_bus_set_address(bus, address.c_str()) < 0 ||
      sd_bus_set_bus_client(bus, 1) < 0 || sd_bus_start(bus) < 0 ||
      sd_bus_list_names(bus, &names, nullptr) < 0) {
    throw std::runtime_error("can't ask the bus");
  }
  sd_bus_flush_close_unref(bus);
  std::size_t count = 0;
  for (char** name = names; name != nullptr && *name != nullptr; ++name) {
    if (**name == ':') ++count;
    free(*name);
  }
  free(names);
  return count;
}

TEST_F(PamModule, HoldsNoConnectionWhilePeopleThink) {  // S12
  constexpr std::size_t kLogins = 400;  // dbus-daemon allows 256 connections to a uid
  const ScriptedDaemon daemon(bus_.address(), grants_for("123456"));
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t waiting = 0;
  std::size_t may_type = 0;  // those before this one
  std::vector<std::thread> threads;
  std::vector<int> codes(kLogins, -1);
  const auto log_in = [&](std::size_t i) {
    PamLogin login("sudo", "alice", line());
    login.person = [&, i](const pam_message& message, pam_response** reply) {
      if (message.msg_style != PAM_PROMPT_ECHO_OFF) return PAM_SUCCESS;
      std::unique_lock lock(mutex);
      ++waiting;
      changed.notify_all();
      changed.wait(lock, [&] { return may_type > i; });
      *reply = reply_with("123456");
      return PAM_SUCCESS;
    };
    const int code = login.authenticate();
    const std::lock_guard lock(mutex);
    codes[i] = code;
    changed.notify_all();
  };
  // One after the other, as the bus allows no more than 256 that are really speaking.
  for (std::size_t i = 0; i < kLogins; ++i) {
    threads.emplace_back(log_in, i);
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting > i || codes[i] != -1; });
  }
  EXPECT_EQ(waiting, kLogins);
  EXPECT_EQ(count_connections(bus_.address()), 2U);  // the daemon's, and the one that counts
  for (std::size_t i = 0; i < kLogins; ++i) {
    std::unique_lock lock(mutex);
    ++may_type;
    changed.notify_all();
    changed.wait(lock, [&] { return codes[i] != -1; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(codes, Each(PAM_SUCCESS));
}

TEST_F(PamModule, ServesSeveralHandlesAtOnce) {
  const ScriptedDaemon daemon(bus_.address(), grants_for("123456"));
  std::vector<std::thread> threads;
  std::array<int, 8> codes{};
  for (std::size_t i = 0; i < codes.size(); ++i) {
    threads.emplace_back([this, i, &codes] {
      PamLogin login("sudo", "alice", line());
      login.answers = {i % 2 == 0 ? "123456" : "000000"};
      codes[i] = login.authenticate();
    });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t i = 0; i < codes.size(); ++i) {
    EXPECT_EQ(codes[i], i % 2 == 0 ? PAM_SUCCESS : PAM_AUTH_ERR) << i;
  }
}

TEST(PamModuleLoading, CanBeRepeatedWhileThreadsComeAndGo) {  // S17, S18
  for (int i = 0; i < 1000; ++i) {
    void* const module = dlopen(TWINLOCK_PLAIN_MODULE, RTLD_NOW);
    ASSERT_NE(module, nullptr) << dlerror();
    using SetCredentials = int (*)(pam_handle_t*, int, int, const char**);
    const auto set_credentials = reinterpret_cast<SetCredentials>(dlsym(module, "pam_sm_setcred"));
    ASSERT_NE(set_credentials, nullptr);
    std::thread thread(
        [set_credentials] { EXPECT_EQ(set_credentials(nullptr, 0, 0, nullptr), PAM_SUCCESS); });
    EXPECT_EQ(dlclose(module), 0);
    thread.join();
  }
}

}  // namespace
}  // namespace twinlock::test
