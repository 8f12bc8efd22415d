// SPDX-License-Identifier: MIT
#include "daemon/dbus/errors.h"

#include <gmock/gmock.h>

namespace twinlock::dbus {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Row {
  ErrorCode code;
  const char* name;
  bool shows_detail;
};

// S43: every code has a name of the fixed list; only what a caller can act on says its detail.
TEST(BusErrors, AreOneTable) {
  const std::vector<Row> table{
      {ErrorCode::InvalidInput, "org.twinlock.Error.InvalidInput", true},
      {ErrorCode::NotFound, "org.twinlock.Error.NotFound", true},
      {ErrorCode::Conflict, "org.twinlock.Error.Conflict", true},
      {ErrorCode::Forbidden, "org.twinlock.Error.Forbidden", true},
      {ErrorCode::ProofRequired, "org.twinlock.Error.ProofRequired", true},
      {ErrorCode::LimitExceeded, "org.twinlock.Error.LimitExceeded", true},
      {ErrorCode::Unavailable, "org.twinlock.Error.Unavailable", false},
      {ErrorCode::Internal, "org.twinlock.Error.Internal", false},
  };
  for (const auto& row : table) {
    const auto error = bus_error({row.code, "/secret/place"}, "12-1");
    EXPECT_EQ(error.name, row.name);
    if (row.shows_detail) {
      EXPECT_EQ(error.text, "/secret/place");
    } else {
      EXPECT_THAT(error.text, Not(HasSubstr("/secret/place"))) << row.name;
      EXPECT_THAT(error.text, HasSubstr("12-1")) << row.name;
    }
  }
}

// S21
TEST(BusErrors, CarryNoControlsAndNoEndlessText) {
  const auto error =
      bus_error({ErrorCode::InvalidInput, "a\x1b[31m\n" + std::string(5000, 'x')}, "");
  EXPECT_THAT(error.text, Not(HasSubstr("\x1b")));
  EXPECT_LE(error.text.size(), 512U);
}

TEST(BusErrors, TellARefusedCallWhy) {
  EXPECT_EQ(refusal(Admission::TooFast).name, "org.freedesktop.DBus.Error.LimitsExceeded");
  EXPECT_EQ(refusal(Admission::TooMany).name, "org.freedesktop.DBus.Error.LimitsExceeded");
  EXPECT_EQ(refusal(Admission::Closed).name, "org.twinlock.Error.Unavailable");
  EXPECT_EQ(access_denied().name, "org.freedesktop.DBus.Error.AccessDenied");
  EXPECT_EQ(wrong_code().name, "org.twinlock.Error.WrongCode");
}

}  // namespace
}  // namespace twinlock::dbus
