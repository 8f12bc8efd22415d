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

// What daemon/ports/store.h promises, for every implementation (store_conformance_test). The
// promises are spread over one file per noun; each is a TEST_P of StoreConformance.
namespace twinlock {

using namespace std::chrono_literals;

constexpr WallTime kNow{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};

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

// Ids that differ in `number` and nothing else.
[[nodiscard]] Nonce nonce(int number);
[[nodiscard]] MethodId method_id(int number);
[[nodiscard]] PlaceDigest place(int number);
[[nodiscard]] KeyedDigest code_digest(int number, KeyId key = 1);

[[nodiscard]] Account alice();
[[nodiscard]] AuditEvent event(AuditEventType type, WallTime when = kNow);

// Alice's, asking since kNow.
[[nodiscard]] Conversation conversation(int number);
// The same after one more answer, named `answer`; it goes on asking.
[[nodiscard]] Conversation answered(Conversation conversation, int answer);

// Alice's TOTP method, confirmed at kNow unless told otherwise.
[[nodiscard]] OtpMethod totp_method(int number, const Account& owner = alice());
[[nodiscard]] OtpMethod unconfirmed(OtpMethod method);
[[nodiscard]] AuthenticationMethod recovery_method(int number, const Account& owner = alice());

constexpr ConversationLimits kConversationLimits{.live = 5, .per_hour = 20};
constexpr MethodLimits kMethodLimits{.of_type = 5, .unconfirmed = 5};

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
  [[nodiscard]] Grant otp_grant(const Conversation& conversation,
                                const MethodId& method,
                                MovingFactor factor);

 private:
  std::unique_ptr<StoreUnderTest> under_test_ = GetParam().make();
};

// Runs `work(n)` for n = 0 … threads - 1, all at the same moment.
void race(int threads, const std::function<void(int)>& work);

}  // namespace twinlock

#endif
