// SPDX-License-Identifier: MIT
//
// Every method of every interface with arguments that nobody would send (S38, S43, S150).
#include <gmock/gmock.h>

#include <array>
#include <fstream>
#include <random>
#include <set>

#include "common/login_wire.h"
#include "tests/integration/dbus/harness.h"

namespace twinlock::testing {
namespace {

struct Method {
  const char* interface;
  const char* name;
  const char* signature;
};

// As common/dbus/*.xml has them, but for those without arguments.
constexpr std::array kMethods{
    Method{wire::kLoginInterface, "Begin", "aysssssssu"},
    Method{wire::kLoginInterface, "Answer", "sayayay"},
    Method{wire::kLoginInterface, "Cancel", "s"},
    Method{wire::kEnrollmentInterface, "Begin", "ayss"},
    Method{wire::kEnrollmentInterface, "Answer", "sayayay"},
    Method{wire::kEnrollmentInterface, "Cancel", "s"},
    Method{wire::kEnrollmentInterface, "EnrollOtp", "ssssuu"},
    Method{wire::kEnrollmentInterface, "ConfirmOtp", "ss"},
    Method{wire::kEnrollmentInterface, "RemoveMethod", "ss"},
    Method{wire::kEnrollmentInterface, "RenameMethod", "ss"},
    Method{wire::kEnrollmentInterface, "MakeRecoveryCodes", "s"},
    Method{wire::kAdministrationInterface, "ListUsers", "su"},
    Method{wire::kAdministrationInterface, "UserStatus", "s"},
    Method{wire::kAdministrationInterface, "ListMethods", "s"},
    Method{wire::kAdministrationInterface, "EnrollOtp", "sssuu"},
    Method{wire::kAdministrationInterface, "EnrollOtp", "ssssuu"},
    Method{wire::kAdministrationInterface, "ConfirmOtp", "sss"},
    Method{wire::kAdministrationInterface, "ResynchronizeOtp", "ssss"},
    Method{wire::kAdministrationInterface, "RemoveMethod", "ss"},
    Method{wire::kAdministrationInterface, "RenameMethod", "sss"},
    Method{wire::kAdministrationInterface, "MakeRecoveryCodes", "s"},
    Method{wire::kAdministrationInterface, "ResetUser", "s"},
    Method{wire::kAdministrationInterface, "UnlockUser", "s"},
    Method{wire::kAdministrationInterface, "CreateApiClient", "ssssssu"},
    Method{wire::kAdministrationInterface, "ListApiClients", ""},
    Method{wire::kAdministrationInterface, "RotateApiClient", "s"},
    Method{wire::kAdministrationInterface, "DeleteApiClient", "s"},
    Method{wire::kAdministrationInterface, "SetPolicy", "s"},
    Method{wire::kAdministrationInterface, "SetFactor", "sb"},
    Method{wire::kAdministrationInterface, "ReadLog", "tus"},
    Method{wire::kAdministrationInterface, "NoSuchMethod", "s"},
};

// The fixed list of docs/login-protocol.md, without Internal: that would be a mistake of ours.
const std::set<std::string> kListed{"",
                                    "org.freedesktop.DBus.Error.InvalidArgs",
                                    "org.freedesktop.DBus.Error.UnknownMethod",
                                    "org.twinlock.Error.Conflict",
                                    "org.twinlock.Error.Forbidden",
                                    "org.twinlock.Error.InvalidInput",
                                    "org.twinlock.Error.LimitExceeded",
                                    "org.twinlock.Error.NotFound",
                                    "org.twinlock.Error.ProofRequired",
                                    "org.twinlock.Error.WrongCode"};

// Texts and numbers at and beyond the edges; the same in each run.
class Arguments {
 public:
  std::size_t below(std::size_t count) { return engine_() % count; }

  void append(sd_bus_message* message, const std::string& signature) {
    for (std::size_t i = 0; i < signature.size(); ++i) {
      const char type = signature[i];
      if (type == 'a') {
        const auto bytes = any_bytes();
        sd_bus_message_append_array(message, signature[++i], bytes.data(), bytes.size());
      } else if (type == 's') {
        sd_bus_message_append(message, "s", texts_[below(texts_.size())].c_str());
      } else if (type == 't') {
        sd_bus_message_append(message, "t", std::uint64_t{any_number()} << below(33));
      } else if (type == 'b') {
        sd_bus_message_append(message, "b", static_cast<int>(below(2)));
      } else {
        sd_bus_message_append(message, "u", any_number());
      }
    }
  }

 private:
  std::vector<std::uint8_t> any_bytes() {
    constexpr std::array<std::size_t, 6> kSizes{0, 15, 16, 17, 511, 512};
    std::vector<std::uint8_t> bytes(below(200) == 0 ? 70'000 : kSizes[below(kSizes.size())]);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(engine_());
    return bytes;
  }
  std::uint32_t any_number() {
    constexpr std::array<std::uint32_t, 9> kNumbers{
        0, 1, 6, 8, 30, 60, 1000, 0x7fffffff, 0xffffffff};
    return kNumbers[below(kNumbers.size())];
  }

  std::minstd_rand engine_{20260101};
  const std::vector<std::string> texts_{"",
                                        "nobody",
                                        "root",
                                        "no-such-account-here",
                                        "../../etc/shadow",
                                        "' OR 1=1 --",
                                        "%s%n%x",
                                        "\x1b[31mred\n",
                                        "\xc3\xa4\xe2\x80\xae",
                                        std::string(64, 'a'),
                                        std::string(256, 'a'),
                                        std::string(257, 'a'),
                                        std::string(40'000, 'b'),
                                        "0123456789abcdef0123456789abcdef",
                                        "01JQ0000000000000000000000",
                                        "totp",
                                        "hotp",
                                        "SHA1",
                                        "SHA512",
                                        "otp",
                                        "recovery-code",
                                        "none",
                                        "all-applications",
                                        "proof",
                                        "sshd",
                                        "203.0.113.7",
                                        "000000"};
};

TEST(RandomCalls, AreOfTheMethodsThatThereAre) {
  for (const auto& method : kMethods) {
    if (std::string(method.name) == "NoSuchMethod") continue;
    std::ifstream in(std::string(TWINLOCK_BUS_INTERFACES "/") + method.interface + ".xml");
    const std::string xml{std::istreambuf_iterator<char>(in), {}};
    EXPECT_THAT(xml, ::testing::HasSubstr(std::string("<method name=\"") + method.name + '"'));
  }
}

class RandomCallsTest : public DaemonTest {};

TEST_F(RandomCallsTest, GetAnErrorOfTheListOrAnAnswer) {  // S38, S43, S150
  start_bus();
  configure("[limits]\nroot_calls_per_second = 100000\nroot_call_burst = 100000\n");
  start_daemon();
  const auto bus = root();
  demand_factor(bus.get());
  Arguments arguments;
  std::set<std::string> seen;
  for (int n = 0; n < 3000; ++n) {
    const auto& method = kMethods.at(arguments.below(kMethods.size()));
    const auto reply = call(bus.get(), method.interface, method.name, [&](auto* m) {
      arguments.append(m, method.signature);
    });
    EXPECT_TRUE(kListed.contains(reply.error))
        << n << ": " << method.interface << '.' << method.name << ": " << reply.error;
    EXPECT_LE(reply.text.size(), wire::kMaxMessage);
    seen.insert(reply.error);
  }
  EXPECT_THAT(seen, ::testing::SizeIs(::testing::Ge(6U))) << "it reached more than the first check";
  EXPECT_EQ(call(bus.get(), wire::kAdministrationInterface, "Policy").error, "");
  EXPECT_THAT(log(), ::testing::Not(::testing::HasSubstr("runtime error")));
}

}  // namespace
}  // namespace twinlock::testing
