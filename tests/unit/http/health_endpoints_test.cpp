// SPDX-License-Identifier: MIT
#include "daemon/http/health_endpoints.h"

#include <string>

#include <gmock/gmock.h>

// S72.
namespace twinlock::http {
namespace {

// A store that is there, or isn't.
class FakeSettings final : public SettingsStore {
 public:
  Result<RuntimeSettings> settings() override {
    if (is_down) return Error{ErrorCode::Unavailable, "MARKER: /var/lib/twinlock is full"};
    return RuntimeSettings{};
  }
  Status set_policy(LoginPolicy /*policy*/, const AuditEvent& /*event*/) override { return Done{}; }
  Status set_factor(Factor /*factor*/, bool /*enabled*/, const AuditEvent& /*event*/) override {
    return Done{};
  }
  bool is_down = false;
};

class Health : public testing::Test {
 protected:
  [[nodiscard]] Response get(const std::string& path) {
    for (const auto& route : endpoints_.routes()) {
      if (route.pattern == path) return route.handler({});
    }
    return {};
  }
  FakeSettings store_;
  HealthEndpoints endpoints_{store_};
};

TEST_F(Health, IsGoodAsLongAsTheProcessAnswers) {
  store_.is_down = true;
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/healthz").body, R"({"status":"ok"})");
}

TEST_F(Health, IsReadyWhileTheStoreIs) {
  EXPECT_EQ(get("/readyz").status, 200);
  store_.is_down = true;
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/readyz").body, R"({"status":"unavailable"})");
}

TEST_F(Health, AsksNobodyWhoHeIsAndCountsNothing) {
  for (const auto& route : endpoints_.routes()) {
    EXPECT_EQ(route.access, Access::Public);
    EXPECT_EQ(route.rate, RateClass::None);
  }
}

}  // namespace
}  // namespace twinlock::http
