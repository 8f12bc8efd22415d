// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <set>
#include <string>

#include "client/daemon_proxy.h"
#include "client/exit_status.h"

namespace twinlock::client {
namespace {

using testing::HasSubstr;

struct Row {
  const char* name;
  ExitStatus status;
};

class EveryErrorName : public testing::TestWithParam<Row> {};

TEST_P(EveryErrorName, HasItsExitStatusAndSaysSomething) {
  const auto error = error_from_bus(GetParam().name, "the daemon's text");
  EXPECT_EQ(exit_status(error.code), GetParam().status);
  EXPECT_FALSE(error.detail.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    EveryErrorName,
    testing::Values(Row{"org.twinlock.Error.InvalidInput", ExitStatus::BadInput},
                    Row{"org.twinlock.Error.NotFound", ExitStatus::NotPossible},
                    Row{"org.twinlock.Error.Conflict", ExitStatus::NotPossible},
                    Row{"org.twinlock.Error.LimitExceeded", ExitStatus::NotPossible},
                    Row{"org.twinlock.Error.Forbidden", ExitStatus::Forbidden},
                    Row{"org.twinlock.Error.ProofRequired", ExitStatus::Forbidden},
                    Row{"org.twinlock.Error.WrongCode", ExitStatus::Forbidden},
                    Row{"org.twinlock.Error.Unavailable", ExitStatus::Unavailable},
                    Row{"org.twinlock.Error.Internal", ExitStatus::Internal},
                    Row{"org.freedesktop.DBus.Error.ServiceUnknown", ExitStatus::Unavailable},
                    Row{"org.freedesktop.DBus.Error.NameHasNoOwner", ExitStatus::Unavailable},
                    Row{"org.freedesktop.DBus.Error.Spawn.ChildExited", ExitStatus::Unavailable},
                    Row{"org.freedesktop.DBus.Error.NoReply", ExitStatus::Unavailable},
                    Row{"org.freedesktop.DBus.Error.Timeout", ExitStatus::Unavailable},
                    Row{"org.freedesktop.DBus.Error.LimitsExceeded", ExitStatus::NotPossible},
                    Row{"org.freedesktop.DBus.Error.AccessDenied", ExitStatus::Forbidden},
                    Row{"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired",
                        ExitStatus::Forbidden},
                    Row{"org.freedesktop.DBus.Error.UnknownMethod", ExitStatus::Internal},
                    Row{"org.freedesktop.DBus.Error.InvalidArgs", ExitStatus::Internal},
                    Row{"System.Error.ECONNRESET", ExitStatus::Unavailable}));

TEST(BusErrors, ADaemonThatIsNotThereIsToldHowToStart) {
  const auto error = error_from_bus("org.freedesktop.DBus.Error.ServiceUnknown", "x");
  EXPECT_THAT(error.detail, HasSubstr("systemctl start twinlockd"));
}

TEST(BusErrors, WhyTheDaemonRefusesIsTheDaemonsToSay) {
  for (const std::string word : {"InvalidInput", "Forbidden", "ProofRequired", "Internal"}) {
    EXPECT_EQ(error_from_bus("org.twinlock.Error." + word, "because so").detail, "because so");
  }
}

TEST(BusErrors, TextsFromTheBusAreFilteredBeforeTheyAreShown) {  // S21
  const auto error = error_from_bus("org.twinlock.Error.NotFound", "no \033[31mmethod\u202E");
  EXPECT_EQ(error.detail, "no [31mmethod");
}

TEST(ExitStatus, EveryKindOfErrorHasAWordOfItsOwnForPrograms) {
  using enum ErrorCode;
  std::set<std::string_view> words;
  const auto codes = {InvalidInput,
                      NotFound,
                      Conflict,
                      Forbidden,
                      ProofRequired,
                      LimitExceeded,
                      Unavailable,
                      Internal};
  for (const auto code : codes) words.insert(error_word(code));
  EXPECT_EQ(words.size(), codes.size());
}

}  // namespace
}  // namespace twinlock::client
