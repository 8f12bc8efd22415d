// SPDX-License-Identifier: MIT
#include <array>
#include <memory>

#include "tests/bench/micro/body.h"
#include "tests/bench/micro/fixture.h"

namespace twinlock::bench {
namespace {

constexpr std::array<std::uint8_t, 20> kSeed{1, 2, 3};
constexpr std::array<std::uint8_t, 32> kBinding{4, 5, 6};

std::function<void()> seal(std::size_t /*iterations*/) {
  const auto fixture = std::make_shared<FilledStore>(0);
  return [fixture] { keep(take(fixture->keys->seal("totp-seed", kSeed, kBinding))); };
}

std::function<void()> open(std::size_t /*iterations*/) {
  const auto fixture = std::make_shared<FilledStore>(0);
  const auto sealed = take(fixture->keys->seal("totp-seed", kSeed, kBinding));
  return [fixture, sealed] { keep(take(fixture->keys->open("totp-seed", sealed, kBinding))); };
}

std::function<void()> digest(std::size_t /*iterations*/) {
  const auto fixture = std::make_shared<FilledStore>(0);
  return [fixture] { keep(take(fixture->keys->digest("audit", kBinding))); };
}

}  // namespace

std::vector<Body> seal_bodies() {
  return {{.name = "seal/seal", .prepare = seal},
          {.name = "seal/open", .prepare = open},
          {.name = "seal/digest", .prepare = digest}};
}

}  // namespace twinlock::bench
