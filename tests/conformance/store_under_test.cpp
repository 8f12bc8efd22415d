// SPDX-License-Identifier: MIT
#include "tests/conformance/store_under_test.h"

#include <latch>
#include <thread>

#include "daemon/store/sqlite_store.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/temporary_directory.h"

namespace twinlock {
namespace {

class MemoryUnderTest final : public StoreUnderTest {
 public:
  Store& store() override { return store_; }

 private:
  MemoryStore store_;
};

class SqliteUnderTest final : public StoreUnderTest {
 public:
  SqliteUnderTest() {
    SqliteStoreOptions options;
    options.directory = directory_.path();
    // The promise is two seconds; a machine busy with tests must not break a test about another.
    options.deadline = 60s;
    options.reserve_size = 4096;
    auto opened = SqliteStore::open(options, keys_, nullptr);
    if (!opened) throw std::runtime_error(opened.error().detail);
    store_ = *std::move(opened);
  }
  Store& store() override { return *store_; }

 private:
  TemporaryDirectory directory_;
  FakeKeyRing keys_;
  std::unique_ptr<SqliteStore> store_;
};

template <typename T>
Implementation named(const char* name) {
  return {.name = name, .make = [] { return std::make_unique<T>(); }};
}

template <typename Bytes>
Bytes numbered(std::uint8_t kind, int number) {
  Bytes bytes{};
  bytes[0] = kind;
  bytes[bytes.size() - 2] = static_cast<std::uint8_t>(number >> 8);
  bytes[bytes.size() - 1] = static_cast<std::uint8_t>(number);
  return bytes;
}

}  // namespace

const std::vector<Implementation>& implementations() {
  static const std::vector<Implementation> all{named<MemoryUnderTest>("Memory"),
                                               named<SqliteUnderTest>("Sqlite")};
  return all;
}

Nonce nonce(int number) { return numbered<Nonce>(0xa0, number); }
MethodId method_id(int number) { return {numbered<decltype(Ulid::bytes)>(0xb0, number)}; }
PlaceDigest place(int number) { return numbered<PlaceDigest>(0xc0, number); }
KeyedDigest code_digest(int number, KeyId key) {
  return {.key = key, .bytes = numbered<decltype(KeyedDigest::bytes)>(0xd0, number)};
}

Account alice() { return {"alice", 1000}; }

AuditEvent event(AuditEventType type, WallTime when) {
  AuditEvent event{};
  event.time = when;
  event.type = type;
  event.user = "alice";
  event.uid = 1000;
  return event;
}

Conversation conversation(int number) {
  Conversation conversation;
  conversation.id = nonce(number);
  conversation.nonce = nonce(number);
  conversation.subject = numbered<SubjectDigest>(0xe0, 1);
  conversation.requested_user = "Alice";
  conversation.account = alice();
  conversation.service = "sshd";
  conversation.source = "192.0.2.1";
  conversation.started = {kNow, 1h};
  conversation.touched = {kNow, 1h};
  return conversation;
}

Conversation answered(Conversation conversation, int answer) {
  conversation.nonce = nonce(answer);
  conversation.touched = {kNow + 1s, 1h + 1s};
  conversation.reason = Reason::WrongCode;
  ++conversation.answers;
  return conversation;
}

OtpMethod totp_method(int number, const Account& owner) {
  AuthenticationMethod method{.id = method_id(number),
                              .owner = owner,
                              .type = MethodType::Totp,
                              .name = "Phone",
                              .created = kNow - 1h,
                              .confirmed = kNow,
                              .last_used = std::nullopt};
  OtpCredential credential{.id = method.id,
                           .type = MethodType::Totp,
                           .parameters = {},
                           .seed = Secret(std::string_view("12345678901234567890"))};
  return {std::move(method), std::move(credential)};
}

OtpMethod unconfirmed(OtpMethod method) {
  method.method.confirmed.reset();
  return method;
}

AuthenticationMethod recovery_method(int number, const Account& owner) {
  return {.id = method_id(number),
          .owner = owner,
          .type = MethodType::RecoveryCode,
          .name = "Recovery codes",
          .created = kNow,
          .confirmed = kNow,
          .last_used = std::nullopt};
}

Conversation StoreConformance::open(const Conversation& conversation) {
  const auto opened = store().open_conversation(conversation, kConversationLimits);
  EXPECT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->outcome, OpenedConversation::Outcome::Opened);
  return opened->stored;
}

Conversation StoreConformance::stored(const ConversationId& id) {
  const auto found = store().conversation(id);
  EXPECT_TRUE(found && *found);
  return **found;
}

void StoreConformance::add(const OtpMethod& method) {
  const auto added =
      store().add_otp_method(method, kMethodLimits, event(AuditEventType::EnrollmentStarted));
  ASSERT_TRUE(added) << added.error().detail;
  ASSERT_EQ(*added, Addition::Added);
}

MovingFactor StoreConformance::last_used(const MethodId& id) {
  const auto found = store().otp_method(id);
  EXPECT_TRUE(found && *found);
  return (**found).credential.last_used;
}

Attempts StoreConformance::attempts(Budget budget) {
  const auto found = store().attempts(alice(), budget, {});
  EXPECT_TRUE(found);
  return *found;
}

std::size_t StoreConformance::records() {
  const auto found = store().read({.after = 0, .newest = false, .limit = 10'000, .user = {}});
  EXPECT_TRUE(found);
  return found->size();
}

Grant StoreConformance::otp_grant(const Conversation& conversation,
                                  const MethodId& method,
                                  MovingFactor factor) {
  Grant grant{.conversation = conversation,
              .expected = conversation.nonce,
              .use = OtpUse{.method = method, .factor = factor},
              .attempts = {},
              .place = std::nullopt,
              .event = event(AuditEventType::LoginGranted)};
  grant.conversation.phase = Phase::Granted;
  grant.conversation.reason = Reason::RightCode;
  grant.conversation.satisfied_by = MethodType::Totp;
  grant.conversation.touched = {kNow + 2s, 1h + 2s};
  return grant;
}

void race(int threads, const std::function<void(int)>& work) {
  std::latch together(threads);
  std::vector<std::jthread> racers;
  racers.reserve(static_cast<std::size_t>(threads));
  for (int n = 0; n < threads; ++n) {
    racers.emplace_back([&, n] {
      together.arrive_and_wait();
      work(n);
    });
  }
}

INSTANTIATE_TEST_SUITE_P(Every,
                         StoreConformance,
                         testing::ValuesIn(implementations()),
                         [](const auto& implementation) { return implementation.param.name; });

}  // namespace twinlock
