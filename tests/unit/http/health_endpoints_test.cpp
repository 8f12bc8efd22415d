// SPDX-License-Identifier: MIT
#include "daemon/http/health_endpoints.h"

#include <string>

#include <gmock/gmock.h>

#include "tests/fakes/failing_ports.h"
#include "tests/fakes/memory_store.h"

// S72.
namespace twinlock::http {
namespace {

class Health : public testing::Test {
 protected:
  [[nodiscard]] Response get(const std::string& path) {
    for (const auto& route : endpoints_.routes()) {
      if (route.pattern == path) return route.handler({});
    }
    return {};
  }
  void take_store_away() { plan_.fail_next("settings", Fault::Error); }

  MemoryStore memory_;
  FaultPlan plan_;
  FailingStore store_{memory_, plan_};
  HealthEndpoints endpoints_{store_};
};

TEST_F(Health, IsGoodAsLongAsTheProcessAnswers) {
  take_store_away();
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/healthz").body, R"({"status":"ok"})");
}

TEST_F(Health, IsReadyWhileTheStoreIs) {
  EXPECT_EQ(get("/readyz").status, 200);
  take_store_away();
  const auto answer = get("/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, R"({"status":"unavailable"})");
}

TEST_F(Health, AsksNobodyWhoHeIsAndCountsNothing) {
  for (const auto& route : endpoints_.routes()) {
    EXPECT_EQ(route.access, Access::Public);
    EXPECT_EQ(route.rate, RateClass::None);
  }
}

}  // namespace
}  // namespace twinlock::http
