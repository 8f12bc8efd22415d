// SPDX-License-Identifier: MIT
#include "tests/conformance/store_under_test.h"

#include <atomic>
#include <stdexcept>

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

std::unique_ptr<SqliteStore> open_at(const std::string& directory, Seat seat, KeyRing& keys) {
  SqliteStoreOptions options;
  options.directory = directory;
  options.seats = {seat};
  // The promise is two seconds; a machine busy with tests must not break a test about another.
  options.deadline = 60s;
  options.reserve_size = 4096;
  auto opened = SqliteStore::open(options, keys, nullptr);
  if (!opened) throw std::runtime_error(opened.error().detail);
  return *std::move(opened);
}

class SqliteUnderTest final : public StoreUnderTest {
 public:
  Store& store() override { return *store_; }

 private:
  TemporaryDirectory directory_;
  FakeKeyRing keys_;
  std::unique_ptr<SqliteStore> store_ = open_at(directory_.path(), Seat::Bus, keys_);
};

// As two processes have it: everything but the kernel's view of the process is apart. Each call
// goes to the one that the last one didn't go to.
class TwoSqlitesUnderTest final : public StoreUnderTest {
 public:
  Store& store() override { return turn_.fetch_add(1) % 2 == 0 ? *bus_ : *http_; }

 private:
  TemporaryDirectory directory_;
  FakeKeyRing keys_;
  std::unique_ptr<SqliteStore> bus_ = open_at(directory_.path(), Seat::Bus, keys_);
  std::unique_ptr<SqliteStore> http_ = open_at(directory_.path(), Seat::Http, keys_);
  std::atomic<unsigned> turn_ = 0;
};

template <typename T>
Implementation named(const char* name) {
  return {.name = name, .make = [] { return std::make_unique<T>(); }};
}

}  // namespace

const std::vector<Implementation>& implementations() {
  static const std::vector<Implementation> all{named<MemoryUnderTest>("Memory"),
                                               named<SqliteUnderTest>("Sqlite"),
                                               named<TwoSqlitesUnderTest>("TwoSqlites")};
  return all;
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

INSTANTIATE_TEST_SUITE_P(Every,
                         StoreConformance,
                         testing::ValuesIn(implementations()),
                         [](const auto& implementation) { return implementation.param.name; });

}  // namespace twinlock
