// SPDX-License-Identifier: MIT
#include "daemon/domain/totp.h"

#include <chrono>
#include <memory>

#include "tests/bench/data/people.h"
#include "tests/bench/micro/body.h"

namespace twinlock::bench {
namespace {

constexpr WallTime kNow{std::chrono::hours(500'000)};

std::function<void()> one_value(std::size_t /*iterations*/) {
  const auto credential = std::make_shared<OtpCredential>(method_of(1, kNow).credential);
  return [credential, counter = MovingFactor{0}]() mutable {
    keep(hotp_value(HashAlgorithm::Sha1, credential->seed.bytes(), ++counter, 6));
  };
}

// Every code of the window is compared whatever matches, so a wrong code costs as much as a right
// one.
std::function<void()> window(std::size_t /*iterations*/) {
  const auto credential = std::make_shared<OtpCredential>(method_of(1, kNow).credential);
  return [credential] { keep(match_totp(*credential, "000000", kNow, 1)); };
}

}  // namespace

std::vector<Body> totp_bodies() {
  return {{.name = "totp/one value", .prepare = one_value},
          {.name = "totp/window of three", .prepare = window}};
}

}  // namespace twinlock::bench
