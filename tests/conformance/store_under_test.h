// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_CONFORMANCE_STORE_UNDER_TEST_H
#define TWINLOCK_TESTS_CONFORMANCE_STORE_UNDER_TEST_H

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ports/store.h"
#include "tests/fakes/fake_key_ring.h"
#include "tests/fakes/store_samples.h"

// What daemon/ports/store.h promises, for every implementation (store_conformance_test). The
// promises are spread over one file per noun; each is a TEST_P of StoreConformance.
namespace twinlock {

// A Store with what it needs to live.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  [[nodiscard]] virtual Store& store() = 0;
};

struct Implementation {
  std::string name;
  std::function<std::unique_ptr<StoreUnderTest>()> make;
};

[[nodiscard]] const std::vector<Implementation>& implementations();

class StoreConformance : public testing::TestWithParam<Implementation> {
 protected:
  Store& store() { return under_test_->store(); }

  // What a test takes for granted; each fails the test if it doesn't hold.
  Conversation open(const Conversation& conversation);
  Conversation stored(const ConversationId& id);
  void add(const OtpMethod& method);
  MovingFactor last_used(const MethodId& id);
  Attempts attempts(Budget budget = Budget::ShortCode);
  std::size_t records();  // how many the audit log has
  [[nodiscard]] static Grant otp_grant(const Conversation& conversation,
                                       const MethodId& method,
                                       MovingFactor factor);

 private:
  std::unique_ptr<StoreUnderTest> under_test_ = GetParam().make();
};

}  // namespace twinlock

#endif
