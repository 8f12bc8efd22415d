// SPDX-License-Identifier: MIT
//
// Arguments of types that no method of ours has are refused before anything walks through them.
#include <gmock/gmock.h>

#include <array>
#include <vector>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

using ::testing::Not;

constexpr const char* kInvalid = "org.freedesktop.DBus.Error.InvalidArgs";
// The guard's own words: the library's, for a call that came as far as a method, are others.
constexpr const char* kRefusedByType = "No method here takes arguments of these types.";

struct Method {
  const char* interface;
  const char* name;
};

// One that takes arguments, of each interface.
constexpr std::array kMethods{Method{wire::kLoginInterface, "Begin"},
                              Method{wire::kEnrollmentInterface, "Begin"},
                              Method{wire::kAdministrationInterface, "ReadLog"}};

struct Shape {
  const char* types;
  Fill fill;
};

Fill texts(int count) {
  return [count](sd_bus_message* message) {
    for (int i = 0; i < count; ++i) sd_bus_message_append(message, "s", "x");
  };
}

// An array of `count` empty byte arrays.
Fill byte_arrays(int count) {
  return [count](sd_bus_message* message) {
    sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "ay");
    for (int i = 0; i < count; ++i) sd_bus_message_append_array(message, 'y', nullptr, 0);
    sd_bus_message_close_container(message);
  };
}

std::vector<Shape> foreign_shapes() {
  return {{"aay", byte_arrays(2)},
          {"av", [](auto* m) { sd_bus_message_append(m, "av", 1, "s", "x"); }},
          {"a{sv}", [](auto* m) { sd_bus_message_append(m, "a{sv}", 1, "key", "s", "x"); }},
          {"v", [](auto* m) { sd_bus_message_append(m, "v", "s", "x"); }},
          {"(ss)", [](auto* m) { sd_bus_message_append(m, "(ss)", "x", "x"); }},
          {"as", [](auto* m) { sd_bus_message_append(m, "as", 1, "x"); }},
          {"17 texts", texts(17)}};
}

class ArgumentTypes : public DaemonTest {
 protected:
  void expect_service(sd_bus* bus) {
    EXPECT_EQ(call(bus, wire::kAdministrationInterface, "Policy").error, "");
    EXPECT_EQ(begin(bus, fresh_nonce(), "nobody").error, "");
  }
};

// S38, S39, S43
TEST_F(ArgumentTypes, ThatNoMethodHasAreRefusedOnEachInterface) {
  start();
  const auto bus = root();
  for (const auto& method : kMethods) {
    for (const auto& shape : foreign_shapes()) {
      const auto reply = call(bus.get(), method.interface, method.name, shape.fill);
      EXPECT_EQ(reply.error, kInvalid) << method.interface << ' ' << shape.types;
      EXPECT_EQ(reply.text, kRefusedByType) << method.interface << ' ' << shape.types;
    }
  }
  expect_service(bus.get());
}

// S43: of known types, but not of this method's: the method says so, not the guard.
TEST_F(ArgumentTypes, OfOtherMethodsComeAsFarAsTheMethod) {
  start();
  const auto bus = root();
  for (const auto& method : kMethods) {
    const auto reply = call(bus.get(), method.interface, method.name, texts(16));
    EXPECT_EQ(reply.error, kInvalid) << method.interface;
    EXPECT_THAT(reply.text, Not(kRefusedByType)) << method.interface;
  }
}

// S39, S141: by their signature, so that nobody walks through what is in them.
TEST_F(ArgumentTypes, ThatNoMethodHasAreRefusedHoweverManyTheyAre) {
  start();
  const auto bus = root();
  constexpr int kMany = 100'000;
  const auto entries = [](sd_bus_message* message) {
    sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "{sv}");
    for (int i = 0; i < kMany; ++i) sd_bus_message_append(message, "{sv}", "key", "s", "value");
    sd_bus_message_close_container(message);
  };
  for (const auto& fill : {byte_arrays(kMany), Fill(entries)}) {
    const auto reply = call(bus.get(), wire::kLoginInterface, "Begin", fill);
    EXPECT_EQ(reply.text, kRefusedByType);
  }
  expect_service(bus.get());
}

}  // namespace
}  // namespace twinlock::testing
