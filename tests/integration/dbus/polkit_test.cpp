// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

constexpr const char* kDenied = "org.freedesktop.DBus.Error.AccessDenied";

// An authority that answers as it is told, and remembers what it was asked.
class ScriptedPolkit {
 public:
  ScriptedPolkit(const std::string& address, bool allows)
      : bus_(connect(address)), allows_(allows) {
    static const auto table = std::to_array<sd_bus_vtable>(
        {SD_BUS_VTABLE_START(0),
         SD_BUS_METHOD("CheckAuthorization", "(sa{sv})sa{ss}us", "(bba{ss})", answer, 0x1U),
         SD_BUS_VTABLE_END});
    sd_bus_add_object_vtable(bus_.get(),
                             nullptr,
                             "/org/freedesktop/PolicyKit1/Authority",
                             "org.freedesktop.PolicyKit1.Authority",
                             table.data(),
                             this);
    EXPECT_GE(sd_bus_request_name(bus_.get(), "org.freedesktop.PolicyKit1", 0), 0);
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        while (sd_bus_process(bus_.get(), nullptr) > 0) {
        }
        sd_bus_wait(bus_.get(), 20000);
      }
    });
  }

  void stop() {
    thread_.request_stop();
    thread_.join();
  }

  std::string subject_kind;
  std::string subject_name;
  std::string action;
  std::uint32_t flags = 99;

 private:
  static int answer(sd_bus_message* message, void* self, sd_bus_error*) {
    auto& polkit = *static_cast<ScriptedPolkit*>(self);
    const char* kind = nullptr;
    const char* key = nullptr;
    const char* name = nullptr;
    const char* action = nullptr;
    sd_bus_message_enter_container(message, 'r', "sa{sv}");
    sd_bus_message_read(message, "s", &kind);
    sd_bus_message_read(message, "a{sv}", 1, &key, "s", &name);
    sd_bus_message_exit_container(message);
    sd_bus_message_read(message, "s", &action);
    sd_bus_message_skip(message, "a{ss}");
    sd_bus_message_read(message, "u", &polkit.flags);
    polkit.subject_kind = kind;
    polkit.subject_name = name;
    polkit.action = action;
    return sd_bus_reply_method_return(message, "(bba{ss})", polkit.allows_ ? 1 : 0, 0, 0);
  }

  Bus bus_;
  bool allows_;
  std::jthread thread_;
};

class Polkit : public DaemonTest {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to call as others";
    start();
  }
};

// S35
TEST_F(Polkit, IsAskedAboutTheCallersBusNameAndNothingElse) {
  ScriptedPolkit polkit(address(), true);
  const auto name = as_uid(kNobody, [this]() -> std::string {
    const auto bus = connect(address());
    const auto reply = call(bus.get(), wire::kAdministrationInterface, "Policy");
    const char* unique = "";
    sd_bus_get_unique_name(bus.get(), &unique);
    return reply.error.empty() ? unique : reply.error;
  });
  polkit.stop();
  EXPECT_EQ(polkit.subject_kind, "system-bus-name");
  EXPECT_EQ(polkit.subject_name, name);
  EXPECT_EQ(polkit.action, "org.twinlock.administer");
  EXPECT_EQ(polkit.flags, 0U) << "the caller didn't allow interaction";
}

// S35
TEST_F(Polkit, MayAskForAPasswordWhereTheCallerAllowsIt) {
  ScriptedPolkit polkit(address(), true);
  (void)as_uid(kNobody, [this]() -> std::string {
    const auto bus = connect(address());
    return call(bus.get(),
                wire::kAdministrationInterface,
                "Policy",
                [](sd_bus_message* message) {
                  sd_bus_message_set_allow_interactive_authorization(message, 1);
                })
        .error;
  });
  polkit.stop();
  EXPECT_EQ(polkit.flags, 1U);
}

TEST_F(Polkit, ThatSaysNoDenies) {
  ScriptedPolkit polkit(address(), false);
  EXPECT_EQ(error_for(kNobody, address(), wire::kAdministrationInterface, "Policy"), kDenied);
  polkit.stop();
}

// An authority that takes its time must not keep the daemon from its end.
TEST_F(Polkit, ThatNeverAnswersIsNamedByAStopThatDoesNotWaitForIt) {
  const auto silent = connect(address());
  ASSERT_GE(sd_bus_request_name(silent.get(), "org.freedesktop.PolicyKit1", 0), 0);
  std::jthread asking(
      [this] { (void)error_for(kNobody, address(), wire::kAdministrationInterface, "Policy"); });
  for (BusMessage question; question == nullptr;) {  // until the daemon waits for an answer
    sd_bus_message* raw = nullptr;
    ASSERT_GE(sd_bus_process(silent.get(), &raw), 0);
    if (raw != nullptr && sd_bus_message_is_method_call(raw, nullptr, "CheckAuthorization") > 0) {
      question.reset(raw);
    } else {
      sd_bus_message_unref(raw);
      sd_bus_wait(silent.get(), 20000);
    }
  }
  daemon_->signal(SIGTERM);
  EXPECT_EQ(daemon_->wait(), 74);
  EXPECT_THAT(log(), ::testing::HasSubstr("a call that was accepted did not end in time"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "state" / "clean"))
      << "the store was not closed in order";
  start_daemon();
  EXPECT_EQ(call(root().get(), wire::kAdministrationInterface, "Policy").error, "");
}

// S140
TEST_F(Polkit, ThatIsAbsentDeniesOthersAndNotRoot) {
  EXPECT_EQ(error_for(kNobody, address(), wire::kAdministrationInterface, "Policy"), kDenied);
  EXPECT_EQ(call(root().get(), wire::kAdministrationInterface, "Policy").error, "");
}

}  // namespace
}  // namespace twinlock::testing
