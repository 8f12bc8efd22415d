// SPDX-License-Identifier: MIT
#include <thread>

#include "tests/unit/store/store_fixture.h"

namespace twinlock {
namespace {

class RotationTest : public StoreTest {};

TEST_F(RotationTest, EverythingIsSealedAnewInBatches) {  // S118
  for (int n = 1; n <= 25; ++n) enroll(n == 1 ? open() : *store_, n);
  keys_.rotate();
  int calls = 0;
  int sealed = 0;
  for (int done = 1; done > 0; ++calls) {
    done = *store_->reseal(10);
    ASSERT_LE(done, 10);
    sealed += done;
  }
  EXPECT_EQ(sealed, 26) << "25 seeds and the canary";
  EXPECT_EQ(calls, 5) << "1, 10, 10, 5, 0";
  keys_.lose(1);
  EXPECT_EQ(standing_of(*store_)->otp.size(), 25U);
  close();
  EXPECT_EQ(refusal(), "");
}

TEST_F(RotationTest, SettingsAndSigningKeysAreSealedAnew) {  // S118
  const auto changed = event(AuditEventType::SettingsChanged);
  const SettingFields fields{{"auth_token", std::string("hunter2")}};
  ASSERT_TRUE(open().replace_setting_group(SettingGroup::Twilio, {fields, 0}, changed));
  ASSERT_TRUE(store_->add_signing_key({.id = "k1",
                                       .public_key = "public",
                                       .private_key = Secret(std::string_view("private")),
                                       .created = kNow},
                                      "",
                                      changed));
  EXPECT_EQ((*store_->key_uses())[1].settings, 2);
  keys_.rotate();
  while (*store_->reseal(10) > 0) {
  }
  EXPECT_EQ((*store_->key_uses())[1].settings, 0);
  keys_.lose(1);
  EXPECT_EQ(store_->setting_group(SettingGroup::Twilio)->fields, fields);
  EXPECT_EQ((*store_->signing_keys())[0].private_key.text(), "private");
}

TEST_F(RotationTest, LoginsGoOnDuringIt) {  // S118
  for (int n = 1; n <= 50; ++n) enroll(n == 1 ? open() : *store_, n);
  keys_.rotate();
  std::jthread sealing([&] {
    while (*store_->reseal(3) > 0) {
    }
  });
  for (int step = 1; step <= 50; ++step) {
    ASSERT_EQ(log_in(*store_, step), GrantOutcome::Granted);
    ASSERT_EQ(standing_of(*store_)->otp.size(), 50U);
  }
  sealing.join();
  EXPECT_EQ((**store_->otp_method(method_id(1))).credential.last_used, 50)
      << "sealing anew touches the seed alone";
}

TEST_F(RotationTest, OneSeedThatDoesNotOpenIsReportedAndDoesNotStopTheOthers) {
  for (int n = 1; n <= 10; ++n) enroll(n == 1 ? open() : *store_, n);
  close();
  sql("UPDATE method SET seed = zeroblob(80) WHERE id = (SELECT min(id) FROM method)");
  keys_.rotate();
  open();
  int errors = 0;
  for (int call = 0; call < 20; ++call) {
    const auto done = store_->reseal(4);
    errors += done ? 0 : 1;
    ASSERT_TRUE(!done || *done > 0) << "never says that all is done";
  }
  EXPECT_GT(errors, 0);
  EXPECT_EQ(sql("SELECT count(*) FROM method WHERE key = 1"), "1");
}

}  // namespace
}  // namespace twinlock
