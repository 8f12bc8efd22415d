// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_DOMAIN_JUDGEMENT_FIXTURE_H
#define TWINLOCK_TESTS_UNIT_DOMAIN_JUDGEMENT_FIXTURE_H

#include <gtest/gtest.h>

#include "daemon/domain/lockout.h"
#include "tests/unit/domain/login_world.h"

namespace twinlock {

// Alice with a TOTP authenticator, whose answers are judged.
class JudgementTest : public testing::Test {
 protected:
  Reason last_reason() { return world_.audited(AuditEventType::LoginDenied).back().reason; }
  void wait_out_the_hold() {
    const auto hold =
        hold_until(Budget::ShortCode, world_.attempts(world_.alice), world_.clock.wall());
    if (hold) world_.clock.advance(*hold - world_.clock.wall());
  }
  int consecutive() { return world_.attempts(world_.alice).consecutive; }

  LoginWorld world_;
  const OtpCredential totp_ = world_.enroll(world_.alice);
};

}  // namespace twinlock

#endif
