// SPDX-License-Identifier: MIT
#include "daemon/system/journal.h"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace twinlock {
namespace {

AuditEvent event_of_type(AuditEventType type) {
  AuditEvent event{};
  event.type = type;
  event.user = "alice";
  return event;
}

std::vector<std::string> events_of(const std::vector<LogEntry>& entries) {
  std::vector<std::string> events;
  events.reserve(entries.size());
  for (const auto& entry : entries) events.emplace_back(value_of(entry, "TWINLOCK_EVENT"));
  return events;
}

TEST(Journal, WritesEverythingBeforeItEnds) {
  std::vector<LogEntry> written;
  {
    Journal journal([&written](const LogEntry& entry) { written.push_back(entry); });
    journal.record(event_of_type(AuditEventType::LoginGranted));
    journal.problem(Severity::Warning, "store", "slow");
  }
  EXPECT_EQ(events_of(written), (std::vector<std::string>{"login-granted", "problem"}));
}

// S128
TEST(Journal, SummarisesAFlood) {
  std::vector<LogEntry> written;
  {
    Journal journal([&written](const LogEntry& entry) { written.push_back(entry); });
    for (int i = 0; i < 100; ++i) journal.record(event_of_type(AuditEventType::LoginDenied));
  }
  ASSERT_EQ(written.size(), 21U);
  EXPECT_EQ(value_of(written.back(), "TWINLOCK_EVENT"), "suppressed");
  EXPECT_EQ(value_of(written.back(), "TWINLOCK_DETAIL").substr(0, 11), "80 more of:");
}

// S128: alerts never suppressed.
TEST(Journal, NeverLeavesOutAnAlert) {
  int written = 0;
  {
    Journal journal([&written](const LogEntry&) { ++written; });
    for (int i = 0; i < 100; ++i) journal.record(event_of_type(AuditEventType::ClockBehind));
  }
  EXPECT_EQ(written, 100);
}

// S132: journal loss never blocks.
TEST(Journal, ThatHangsDelaysNobodyAndSaysWhatItDropped) {
  std::promise<void> released;
  auto gate = released.get_future().share();
  std::vector<LogEntry> written;
  {
    Journal journal([&written, gate](const LogEntry& entry) {
      gate.wait();
      written.push_back(entry);
    });
    for (std::size_t i = 0; i < Journal::kMaxWaiting + 100; ++i) {
      journal.record(event_of_type(AuditEventType::LoginGranted));  // returns though nothing moves
    }
    released.set_value();
  }
  const auto events = events_of(written);
  EXPECT_EQ(std::count(events.begin(), events.end(), "problem"), 1);
  EXPECT_LE(written.size(), Journal::kMaxWaiting + 2);
}

}  // namespace
}  // namespace twinlock
