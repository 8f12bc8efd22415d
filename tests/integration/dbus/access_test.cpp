// SPDX-License-Identifier: MIT
//
// Who may call what, as a table over every method that the daemon offers.
#include <gmock/gmock.h>
#include <unistd.h>

#include <regex>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

constexpr const char* kDenied = "org.freedesktop.DBus.Error.AccessDenied";
constexpr uid_t kSomebody = 1;  // the account daemon, on every Debian

struct Method {
  std::string interface;
  std::string name;
  std::string signature;
};

// Asked of the daemon itself, so that a method which a table forgot can't hide.
std::vector<Method> offered_methods(sd_bus* bus) {
  auto reply = call(bus, "org.freedesktop.DBus.Introspectable", "Introspect");
  const char* text = "";
  sd_bus_message_read(reply.message.get(), "s", &text);
  const std::string xml = text;
  const std::regex tag(R"re(<(interface|method|arg) ([^>]*)>)re");
  const std::regex name(R"re(name="([^"]*)")re");
  const std::regex type(R"re(type="([^"]*)")re");
  std::vector<Method> methods;
  std::string interface;
  for (std::sregex_iterator found(xml.begin(), xml.end(), tag), end; found != end; ++found) {
    const auto kind = (*found)[1].str();
    const auto attributes = (*found)[2].str();
    std::smatch value;
    if (kind == "arg") {
      const bool is_out = attributes.find("direction=\"out\"") != std::string::npos;
      if (!is_out && !methods.empty() && std::regex_search(attributes, value, type)) {
        methods.back().signature += value[1].str();
      }
    } else if (std::regex_search(attributes, value, name)) {
      if (kind == "interface") interface = value[1].str();
      if (kind == "method") methods.push_back({interface, value[1].str(), ""});
    }
  }
  std::erase_if(methods,
                [](const auto& method) { return method.interface.rfind("org.twinlock.", 0) != 0; });
  return methods;
}

bool is_for(uid_t uid, const std::string& interface) {
  return uid == 0 || interface == wire::kEnrollmentInterface;
}

class Access : public DaemonTest, public ::testing::WithParamInterface<BusPolicy> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to call as others";
    start_bus(GetParam());
    configure("[limits]\nuser_calls_per_second = 1000\nuser_call_burst = 1000\n");
    start_daemon();
  }
};

// What root alone may call it may call by both names.
TEST_P(Access, IsTheSameForRootByBothNames) {
  const auto bus = root();
  for (const auto* const name : {wire::kBusName, wire::kRootBusName}) {
    for (const auto& method : offered_methods(bus.get())) {
      const auto reply =
          call(bus.get(), method.interface, method.name, harmless(method.signature), name);
      EXPECT_NE(reply.error, kDenied) << method.interface << '.' << method.name << " of " << name;
    }
  }
}

// S31 under the shipped policy; S32 under one that lets everything through.
TEST_P(Access, IsGivenToEachUidAsTheTableSays) {
  const auto bus = root();
  const auto methods = offered_methods(bus.get());
  ASSERT_EQ(methods.size(), 35U) << "Login1 3, Enrollment1 10, Administration1 22";
  for (const auto& method : methods) {
    for (const uid_t uid : {uid_t{0}, kNobody, kSomebody}) {
      const auto error =
          error_for(uid, address(), method.interface, method.name, harmless(method.signature));
      if (is_for(uid, method.interface)) {
        EXPECT_NE(error, kDenied) << method.interface << '.' << method.name << " uid " << uid;
      } else {
        EXPECT_EQ(error, kDenied) << method.interface << '.' << method.name << " uid " << uid;
      }
    }
  }
}

// S44: nothing about logins is in what anybody may read.
TEST_P(Access, OffersNeitherSignalsNorProperties) {
  auto reply = call(root().get(), "org.freedesktop.DBus.Introspectable", "Introspect");
  const char* text = "";
  sd_bus_message_read(reply.message.get(), "s", &text);
  std::string xml = text;
  xml = xml.substr(xml.find("org.twinlock."));
  EXPECT_THAT(xml, ::testing::Not(::testing::HasSubstr("<signal")));
  EXPECT_THAT(xml, ::testing::Not(::testing::HasSubstr("<property")));
}

INSTANTIATE_TEST_SUITE_P(Policies,
                         Access,
                         ::testing::Values(BusPolicy::Shipped, BusPolicy::Permissive),
                         [](const auto& policy) {
                           return policy.param == BusPolicy::Shipped ? "Shipped" : "Permissive";
                         });

class AccessUnderShippedPolicy : public DaemonTest {};

// S44: what is said between a front end and the daemon is nobody else's.
TEST_F(AccessUnderShippedPolicy, LetsNobodyElseListen) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to listen as others";
  start(BusPolicy::Shipped);
  const auto result = as_uid(kNobody, [this]() -> std::string {
    const auto bus = connect(address());
    if (!bus) return "cannot connect";
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_call_method(bus.get(),
                       "org.freedesktop.DBus",
                       "/org/freedesktop/DBus",
                       "org.freedesktop.DBus.Monitoring",
                       "BecomeMonitor",
                       &error,
                       nullptr,
                       "asu",
                       0,
                       0U);
    return error.name == nullptr ? "listens" : error.name;
  });
  EXPECT_EQ(result, kDenied);
}

// S31
TEST_F(AccessUnderShippedPolicy, LetsNobodyElseOwnANameOfIt) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to try as others";
  start_bus(BusPolicy::Shipped);
  for (const auto* const name : {wire::kBusName, wire::kRootBusName}) {
    const auto result = as_uid(kNobody, [this, name]() -> std::string {
      const auto bus = connect(address());
      return bus && sd_bus_request_name(bus.get(), name, 0) >= 0 ? "owns it" : "refused";
    });
    EXPECT_EQ(result, "refused") << name;
  }
}

// S31, S39: nothing of others gets into the queue that logins are in, whatever kind of message.
TEST_F(AccessUnderShippedPolicy, LetsNobodyElseSendToRootsName) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to send as others";
  start(BusPolicy::Shipped);
  const std::vector<std::pair<std::string, std::string>> calls{
      {wire::kEnrollmentInterface, "Status"},
      {"org.freedesktop.DBus.Peer", "Ping"},
      {"org.freedesktop.DBus.Introspectable", "Introspect"},
      {wire::kLoginInterface, "Begin"}};
  for (const auto& [interface, method] : calls) {
    EXPECT_EQ(error_for(kNobody, address(), interface, method, {}, wire::kRootBusName), kDenied)
        << interface;
  }
  // The bus tells who sent a signal that it didn't pass on.
  const auto signalled = as_uid(kNobody, [this]() -> std::string {
    const auto bus = connect(address());
    sd_bus_message* raw = nullptr;
    sd_bus_message_new_signal(bus.get(), &raw, "/", "test.Flood", "Drop");
    const BusMessage message(raw);
    sd_bus_message_set_destination(raw, wire::kRootBusName);
    std::uint64_t serial = 0;
    sd_bus_send(bus.get(), raw, &serial);
    for (;;) {
      sd_bus_message* received = nullptr;
      const int processed = sd_bus_process(bus.get(), &received);
      const BusMessage answer(received);
      if (processed < 0) return "the connection ended";
      std::uint64_t about = 0;
      const bool is_answer =
          received != nullptr && sd_bus_message_get_reply_cookie(received, &about) >= 0;
      if (is_answer && about == serial) return sd_bus_message_get_error(received)->name;
      if (processed == 0 && sd_bus_wait(bus.get(), 30ULL * 1000 * 1000) <= 0) return "passed on";
    }
  });
  EXPECT_EQ(signalled, kDenied);
}

}  // namespace
}  // namespace twinlock::testing
