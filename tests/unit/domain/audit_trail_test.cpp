// SPDX-License-Identifier: MIT
#include "daemon/domain/audit_trail.h"

#include <gmock/gmock.h>

#include "tests/fakes/failing_ports.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_directory.h"
#include "tests/fakes/fake_key_ring.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/recording_log.h"

namespace twinlock {
namespace {

class AuditTrailTest : public testing::Test {
 protected:
  AuditEvent denial(std::string_view user = "alice",
                    std::string_view source = "203.0.113.7",
                    Reason reason = Reason::WrongCode) {
    AuditEvent event{};
    event.time = clock_.wall();
    event.type = AuditEventType::LoginDenied;
    event.user = user;
    event.source = source;
    event.reason = reason;
    return event;
  }

  void write(const AuditEvent& event, int times = 1) {
    for (int i = 0; i < times; ++i) EXPECT_TRUE(trail_.write(event));
  }

  std::vector<AuditEvent> stored(std::optional<AuditEventType> type = std::nullopt) {
    AuditQuery all;
    all.limit = 1'000'000;
    const auto records = store_.read(all);
    std::vector<AuditEvent> events;
    for (const auto& record : *records) {
      if (!type || record.event.type == *type) events.push_back(record.event);
    }
    return events;
  }

  FakeClock clock_;
  FakeKeyRing keys_;
  FakeDirectory directory_;
  MemoryStore store_;
  RecordingLog log_;
  FailingPorts ports_{store_, directory_, keys_, clock_};
  AuditTrail trail_{ports_.store, ports_.keys, log_};
};

TEST_F(AuditTrailTest, WritesToTheStoreAndToTheLog) {
  write(denial());
  EXPECT_EQ(stored().size(), 1U);
  EXPECT_EQ(log_.events().size(), 1U);
}

TEST_F(AuditTrailTest, TwentyIdenticalDenialsAMinuteAreWrittenAndTheRestCounted) {  // S128
  write(denial(), 1000);
  EXPECT_EQ(stored().size(), 20U);
  EXPECT_EQ(log_.events().size(), 20U);
  clock_.advance(std::chrono::minutes(1));
  write(denial());
  const auto summaries = stored(AuditEventType::Suppressed);
  ASSERT_EQ(summaries.size(), 1U);
  EXPECT_EQ(summaries.front().detail, "980 more login-denied within a minute");
  EXPECT_EQ(summaries.front().user, "alice");
  EXPECT_EQ(summaries.front().source, "203.0.113.7");
  EXPECT_EQ(summaries.front().reason, Reason::WrongCode);
}

TEST_F(AuditTrailTest, AFloodThatStoppedIsCountedByTheNextEventWhateverItIs) {  // S128
  write(denial(), 25);
  clock_.advance(std::chrono::minutes(1));
  write(denial("bob", "198.51.100.1"));
  EXPECT_EQ(stored(AuditEventType::Suppressed).size(), 1U);
  AuditEvent stopping{};
  stopping.time = clock_.wall();
  stopping.type = AuditEventType::DaemonStopped;
  write(denial("carol"), 25);
  clock_.advance(std::chrono::minutes(1));
  stopping.time = clock_.wall();
  write(stopping);
  EXPECT_EQ(stored(AuditEventType::Suppressed).size(), 2U);
}

TEST_F(AuditTrailTest, TwentyDenialsAreNoFlood) {
  write(denial(), 20);
  clock_.advance(std::chrono::minutes(1));
  write(denial());
  EXPECT_TRUE(stored(AuditEventType::Suppressed).empty());
  EXPECT_EQ(stored().size(), 21U);
}

TEST_F(AuditTrailTest, DenialsOfOthersAreCountedByThemselves) {  // S128
  for (const char* user : {"alice", "bob"}) {
    for (const char* source : {"203.0.113.7", "203.0.113.8"}) {
      for (const auto reason : {Reason::WrongCode, Reason::OnHold}) {
        write(denial(user, source, reason), 30);
      }
    }
  }
  EXPECT_EQ(stored().size(), 8U * 20U);
}

TEST_F(AuditTrailTest, MoreFloodsThanAreRememberedLoseNoCount) {  // S128
  write(denial(), 50);
  for (int i = 0; i < 3000; ++i) write(denial("alice", "source " + std::to_string(i)));
  int counted = 0;
  for (const auto& event : stored(AuditEventType::Suppressed)) counted += std::stoi(event.detail);
  EXPECT_EQ(counted, 30);
}

TEST_F(AuditTrailTest, AClockSetBackDoesNotSilenceDenials) {  // S128, S136
  write(denial(), 25);
  clock_.set_wall(clock_.wall() - std::chrono::hours(1));
  write(denial());
  EXPECT_EQ(stored(AuditEventType::LoginDenied).size(), 21U);
}

class AlwaysWrittenTest : public AuditTrailTest,
                          public testing::WithParamInterface<AuditEventType> {};

TEST_P(AlwaysWrittenTest, HoweverOften) {  // S128: alerts never suppressed
  AuditEvent event = denial();
  event.type = GetParam();
  write(event, 100);
  EXPECT_EQ(stored().size(), 100U);
}

INSTANTIATE_TEST_SUITE_P(GrantsExemptionsAndAlerts,
                         AlwaysWrittenTest,
                         testing::Values(AuditEventType::LoginGranted,
                                         AuditEventType::LoginExempt,
                                         AuditEventType::ShortCodesDisabled,
                                         AuditEventType::ClockBehind,
                                         AuditEventType::RollbackDetected));

TEST_F(AuditTrailTest, AnEventThatTheStoreRefusesIsAnError) {  // S127
  ports_.plan.fail_next("append", Fault::Error);
  EXPECT_FALSE(trail_.write(denial()));
  EXPECT_TRUE(log_.events().empty());
}

TEST_F(AuditTrailTest, AnEventOfTheStoreGoesToTheLogAlone) {
  trail_.written(denial());
  EXPECT_TRUE(stored().empty());
  EXPECT_EQ(log_.events().size(), 1U);
}

TEST_F(AuditTrailTest, TheEventOfAConversationCarriesItsFields) {  // S126
  Conversation conversation;
  conversation.id[0] = 0xAB;
  conversation.account = Account{"alice", 1000};
  conversation.service = "sshd";
  conversation.source = "203.0.113.7";
  const auto event =
      trail_.event_of(conversation, AuditEventType::LoginDenied, Reason::OnHold, clock_.wall());
  EXPECT_EQ(event.time, clock_.wall());
  EXPECT_EQ(event.type, AuditEventType::LoginDenied);
  EXPECT_EQ(event.reason, Reason::OnHold);
  EXPECT_EQ(event.user, "alice");
  EXPECT_EQ(event.uid, 1000U);
  EXPECT_EQ(event.service, "sshd");
  EXPECT_EQ(event.source, "203.0.113.7");
  EXPECT_EQ(event.conversation, "ab000000000000000000000000000000");
}

}  // namespace
}  // namespace twinlock
