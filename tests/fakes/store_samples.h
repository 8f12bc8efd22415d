// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_FAKES_STORE_SAMPLES_H
#define TWINLOCK_TESTS_FAKES_STORE_SAMPLES_H

#include <chrono>
#include <functional>

#include "daemon/ports/store.h"

// Things to put into a store, for the tests of stores.
namespace twinlock {

using namespace std::chrono_literals;

constexpr WallTime kNow{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};

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

// What a login of the account's would be judged by, in a conversation that is made for it. The
// store must be able to write; what stands in the way of reading is the error.
[[nodiscard]] Result<Standing> standing_of(Store& store, const Account& account = alice());

constexpr ConversationLimits kConversationLimits{.live = 5, .per_hour = 20};
constexpr MethodLimits kMethodLimits{.of_type = 5, .unconfirmed = 5};

// Runs `work(n)` for n = 0 … threads - 1, all at the same moment.
void race(int threads, const std::function<void(int)>& work);

}  // namespace twinlock

#endif
