// SPDX-License-Identifier: MIT
#include "daemon/domain/pending_alerts.h"

#include <gmock/gmock.h>

#include "tests/fakes/failing_ports.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_directory.h"
#include "tests/fakes/fake_key_ring.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/recording_log.h"

namespace twinlock {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;

class PendingAlertsTest : public testing::Test {
 protected:
  void add(const std::string& detail) {
    alerts_.add(AuditEventType::StoreFull, Reason::None, clock_.wall(), detail);
  }
  std::vector<std::string> written() {
    std::vector<std::string> details;
    for (const auto& event : log_.events()) details.push_back(event.detail);
    return details;
  }

  FakeClock clock_;
  FakeKeyRing keys_;
  FakeDirectory directory_;
  MemoryStore store_;
  RecordingLog log_;
  FailingPorts ports_{store_, directory_, keys_, clock_};
  AuditTrail trail_{ports_.store, ports_.keys, log_};
  PendingAlerts alerts_;
};

TEST_F(PendingAlertsTest, WhatTheStoreRefusesWaitsAndKeepsItsTime) {  // S129, S132
  const auto seen = clock_.wall();
  add("first");
  add("second");
  ports_.plan.fail_next("append", Fault::Error);
  alerts_.write_to(trail_);
  EXPECT_THAT(written(), SizeIs(0));
  clock_.advance(1h);
  alerts_.write_to(trail_);
  EXPECT_THAT(written(), ElementsAre("first", "second"));
  EXPECT_EQ(log_.events().front().time, seen);
  alerts_.write_to(trail_);
  EXPECT_THAT(written(), SizeIs(2)) << "once";
}

TEST_F(PendingAlertsTest, AStoreThatTakesNothingForLongFillsNoMemory) {  // S132
  for (int i = 0; i < 1000; ++i) add(std::to_string(i));
  alerts_.write_to(trail_);
  EXPECT_THAT(written(), SizeIs(32));
  EXPECT_EQ(written().front(), "0");
}

// Two processes on one disk that is full.
TEST_F(PendingAlertsTest, WhatEachProcessSeesIsRecordedByOne) {
  const auto see = [this](PendingAlerts& alerts, PendingAlerts::Seen seen) {
    alerts.add(AuditEventType::StoreFull, Reason::None, clock_.wall(), "no room", seen);
    alerts.forget_those_told(store_);
    alerts.write_to(trail_);
  };
  PendingAlerts of_another;
  see(of_another, PendingAlerts::Seen::Everywhere);
  clock_.advance(1min);
  see(alerts_, PendingAlerts::Seen::Everywhere);
  EXPECT_THAT(written(), SizeIs(1));
  see(alerts_, PendingAlerts::Seen::HereAlone);
  EXPECT_THAT(written(), SizeIs(2)) << "what it alone has done";
  clock_.advance(11min);
  see(alerts_, PendingAlerts::Seen::Everywhere);
  EXPECT_THAT(written(), SizeIs(3)) << "another episode";
}

}  // namespace
}  // namespace twinlock
