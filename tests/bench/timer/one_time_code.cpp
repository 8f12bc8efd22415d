// SPDX-License-Identifier: MIT
#include "tests/bench/timer/one_time_code.h"

#include <array>
#include <bit>
#include <charconv>
#include <span>

namespace twinlock::bench {
namespace {

constexpr std::size_t kBlock = 64;
using Digest = std::array<std::uint8_t, 20>;
using State = std::array<std::uint32_t, 5>;

constexpr std::array<std::uint32_t, 4> kRoundConstants = {
    0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};

std::uint32_t mix(std::size_t round, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  switch (round / 20) {
    case 0:
      return (b & c) | (~b & d);
    case 2:
      return (b & c) | (b & d) | (c & d);
    default:
      return b ^ c ^ d;
  }
}

void absorb(State& state, std::span<const std::uint8_t> block) {
  std::array<std::uint32_t, 80> words{};
  for (std::size_t i = 0; i < kBlock; ++i) words[i / 4] = words[i / 4] << 8U | block[i];
  for (std::size_t i = 16; i < words.size(); ++i) {
    words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  }
  auto [a, b, c, d, e] = state;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::uint32_t next =
        std::rotl(a, 5) + mix(i, b, c, d) + e + kRoundConstants[i / 20] + words[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
}

Digest sha1(std::vector<std::uint8_t> message) {
  const std::uint64_t bits = message.size() * 8;
  message.push_back(0x80);
  while (message.size() % kBlock != kBlock - 8) message.push_back(0);
  for (unsigned int shift = 64; shift > 0; shift -= 8) {
    message.push_back(static_cast<std::uint8_t>(bits >> (shift - 8)));
  }
  State state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  for (std::size_t at = 0; at < message.size(); at += kBlock) {
    absorb(state, std::span(message).subspan(at, kBlock));
  }
  Digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

// RFC 2104.
template <typename Bytes>
Digest keyed(const Seed& key, std::uint8_t pad, const Bytes& message) {
  std::vector<std::uint8_t> text(kBlock, pad);
  for (std::size_t i = 0; i < key.size() && i < kBlock; ++i) text[i] = key[i] ^ pad;
  text.insert(text.end(), message.begin(), message.end());
  return sha1(std::move(text));
}

}  // namespace

std::optional<Seed> parse_seed(std::string_view hex) {
  if (hex.empty() || hex.size() % 2 != 0) return std::nullopt;
  Seed seed(hex.size() / 2);
  for (std::size_t i = 0; i < seed.size(); ++i) {
    const char* const pair = hex.data() + 2 * i;
    if (std::from_chars(pair, pair + 2, seed[i], 16).ptr != pair + 2) return std::nullopt;
  }
  return seed;
}

std::string hotp_code(const Seed& seed, std::int64_t counter) {
  std::array<std::uint8_t, 8> text{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(counter) >> (56 - 8 * i));
  }
  const Digest digest = keyed(seed, 0x5c, keyed(seed, 0x36, text));
  const std::size_t at = digest[19] & 0x0fU;
  std::uint32_t number = 0;
  for (std::size_t i = at; i < at + 4; ++i) number = number << 8U | digest[i];
  const std::string digits = std::to_string(1'000'000 + (number & 0x7fffffffU) % 1'000'000);
  return digits.substr(1);
}

}  // namespace twinlock::bench
