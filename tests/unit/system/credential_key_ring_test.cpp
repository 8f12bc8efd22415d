// SPDX-License-Identifier: MIT
#include "daemon/system/credential_key_ring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "common/secret.h"
#include "daemon/system/key_file.h"
#include "tests/fakes/temporary_directory.h"

namespace twinlock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Bytes = std::vector<std::uint8_t>;

Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

Bytes hmac_sha256(const Bytes& key, const Bytes& data) {
  Bytes mac(32);
  unsigned size = 0;
  HMAC(EVP_sha256(),
       key.data(),
       static_cast<int>(key.size()),
       data.data(),
       data.size(),
       mac.data(),
       &size);
  return mac;
}

class CredentialKeyRingTest : public testing::Test {
 protected:
  CredentialKeyRingTest() { write("1 " + std::string(64, 'a') + "\n"); }

  void write(const std::string& content) const {
    std::filesystem::remove(path_);
    std::ofstream(path_) << content;
    chmod(path_.c_str(), 0400);
  }
  std::unique_ptr<CredentialKeyRing> open() const {
    auto ring = CredentialKeyRing::open(path_, nullptr);
    if (!ring) throw std::runtime_error(ring.error().detail);
    return *std::move(ring);
  }

  TemporaryDirectory directory_;
  std::string path_ = directory_ / "master-key";
};

TEST_F(CredentialKeyRingTest, WhatIsSealedOpens) {  // S114
  const auto ring = open();
  for (const std::size_t size : {0U, 1U, 20U, 4096U}) {
    const Bytes plain(size, 0x5a);
    const auto sealed = ring->seal("otp-seed", plain, bytes("row 1"));
    ASSERT_TRUE(sealed);
    const auto opened = ring->open("otp-seed", *sealed, bytes("row 1"));
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_TRUE(equal_in_constant_time(opened->bytes(), plain));
    EXPECT_EQ(*ring->key_of(*sealed), 1U);
  }
}

TEST_F(CredentialKeyRingTest, WhatIsSealedOpensAfterARestart) {
  const auto sealed = open()->seal("otp-seed", bytes("seed"), bytes("row"));
  const auto opened = open()->open("otp-seed", *sealed, bytes("row"));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->text(), "seed");
}

TEST_F(CredentialKeyRingTest, AnotherPurposeBindingOrKeyDoesNotOpen) {  // S114
  const auto ring = open();
  const auto sealed = ring->seal("otp-seed", bytes("seed"), bytes("row 1"));
  EXPECT_EQ(ring->open("otp-seed", *sealed, bytes("row 2")).error().code, ErrorCode::Internal);
  EXPECT_EQ(ring->open("otp-seed", *sealed, bytes("")).error().code, ErrorCode::Internal);
  EXPECT_EQ(ring->open("webhook", *sealed, bytes("row 1")).error().code, ErrorCode::Internal);
  write("1 " + std::string(64, 'b') + "\n");
  EXPECT_EQ(open()->open("otp-seed", *sealed, bytes("row 1")).error().code, ErrorCode::Internal);
  write("2 " + std::string(64, 'a') + "\n");
  EXPECT_EQ(open()->open("otp-seed", *sealed, bytes("row 1")).error().code, ErrorCode::Unavailable);
}

TEST_F(CredentialKeyRingTest, EveryBitOfASealedValueCounts) {  // S114
  const auto ring = open();
  const auto sealed = *ring->seal("otp-seed", bytes("a seed of some length"), bytes("row"));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto flipped = sealed;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(ring->open("otp-seed", flipped, bytes("row"))) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    const Bytes cut(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(ring->open("otp-seed", cut, bytes("row"))) << size;
  }
}

TEST_F(CredentialKeyRingTest, TheSameValueIsSealedDifferentlyEachTime) {  // S114
  const auto ring = open();
  std::set<Bytes> nonces;
  for (int n = 0; n < 1000; ++n) {
    const auto sealed = *ring->seal("otp-seed", bytes("seed"), bytes("row"));
    nonces.insert(Bytes(sealed.begin() + 3, sealed.begin() + 15));
  }
  EXPECT_EQ(nonces.size(), 1000U);
}

TEST_F(CredentialKeyRingTest, SubkeysAreHkdfSha256OfTheMasterKey) {  // S114, RFC 5869
  const Bytes master(32, 0xaa);
  const auto extracted = hmac_sha256(Bytes(32, 0), master);  // RFC 5869 §2.2, without salt
  auto info = bytes("twinlock audit");
  info.push_back(1);
  const auto subkey = hmac_sha256(extracted, info);  // RFC 5869 §2.3, one block
  const auto digest = open()->digest("audit", bytes("data"));
  ASSERT_TRUE(digest);
  EXPECT_EQ(digest->key, 1U);
  EXPECT_EQ(Bytes(digest->bytes.begin(), digest->bytes.end()), hmac_sha256(subkey, bytes("data")));
}

TEST_F(CredentialKeyRingTest, DigestsDifferByPurposeAndKey) {
  write("1 " + std::string(64, 'a') + "\n2 " + std::string(64, 'b') + "\n");
  const auto ring = open();
  const auto data = bytes("data");
  EXPECT_EQ(ring->digest("audit", data)->key, 2U);
  EXPECT_EQ(ring->digest("audit", data)->bytes, ring->digest_with(2, "audit", data)->bytes);
  EXPECT_NE(ring->digest("audit", data)->bytes, ring->digest_with(1, "audit", data)->bytes);
  EXPECT_NE(ring->digest("audit", data)->bytes, ring->digest("epoch", data)->bytes);
  EXPECT_EQ(ring->digest_with(3, "audit", data).error().code, ErrorCode::Unavailable);
}

TEST_F(CredentialKeyRingTest, DigestsTakenInTurnsAndAtOnceStayTheSame) {
  // What is kept between two digests must carry nothing from one to the other.
  const auto ring = open();
  const auto digest_of = [&ring](int purpose, std::string_view data) {
    return ring->digest_with(1, "purpose " + std::to_string(purpose), bytes(data))->bytes;
  };
  std::array<std::array<std::uint8_t, 32>, 20> first{};
  for (int n = 0; n < 20; ++n) first.at(static_cast<std::size_t>(n)) = digest_of(n, "data");
  EXPECT_EQ(std::set(first.begin(), first.end()).size(), 20U);
  for (int round = 0; round < 3; ++round) {
    std::vector<std::thread> threads(8);
    for (auto& thread : threads) {
      thread = std::thread([&] {
        for (int n = 19; n >= 0; --n) {
          EXPECT_NE(digest_of(n, "other"), first[static_cast<std::size_t>(n)]);
          EXPECT_EQ(digest_of(n, "data"), first[static_cast<std::size_t>(n)]);
        }
      });
    }
    for (auto& thread : threads) thread.join();
    ASSERT_TRUE(ring->reload({}));
  }
}

TEST_F(CredentialKeyRingTest, ARetiredKeyOpensAndDoesNotSeal) {  // S118
  const auto ring = open();
  const auto old = *ring->seal("otp-seed", bytes("seed"), bytes("row"));
  ASSERT_TRUE(add_key(path_, WallTime{}));
  EXPECT_THAT(ring->keys(), ElementsAre(1)) << "not before it is told";
  ASSERT_TRUE(ring->reload({}));
  EXPECT_THAT(ring->keys(), ElementsAre(2, 1));
  EXPECT_TRUE(ring->open("otp-seed", old, bytes("row")));
  EXPECT_EQ(*ring->key_of(*ring->seal("otp-seed", bytes("seed"), bytes("row"))), 2U);
}

TEST_F(CredentialKeyRingTest, ABadFileAtReloadChangesNothing) {
  const auto ring = open();
  const auto sealed = *ring->seal("otp-seed", bytes("seed"), bytes("row"));
  for (const auto& content : {std::string("broken"),
                              "2 " + std::string(64, 'b') + "\n",
                              "1 " + std::string(64, 'b') + "\n"}) {
    write(content);
    EXPECT_FALSE(ring->reload({})) << content;
    EXPECT_THAT(ring->keys(), ElementsAre(1));
    EXPECT_TRUE(ring->open("otp-seed", sealed, bytes("row")));
  }
}

TEST_F(CredentialKeyRingTest, ARetiredKeyGoesOnlyWhenNothingNeedsIt) {  // S117, S118
  const auto ring = open();
  const auto sealed = *ring->seal("otp-seed", bytes("seed"), bytes("row"));
  ASSERT_TRUE(add_key(path_, WallTime{}));
  ASSERT_TRUE(ring->reload({}));
  ASSERT_TRUE(drop_key(path_, 1));
  EXPECT_THAT(ring->reload({1, 2}).error().detail, HasSubstr("key 1, which is in use, is missing"));
  EXPECT_TRUE(ring->open("otp-seed", sealed, bytes("row")));
  EXPECT_TRUE(ring->reload({2, 7})) << "what was never there is not missed at a reload";
  EXPECT_FALSE(ring->open("otp-seed", sealed, bytes("row")));
}

// Another process of the same store, which has read the file since it got a new key.
TEST_F(CredentialKeyRingTest, WhatAnotherProcessSealsUnderANewerKeyOpensWithoutAReload) {  // S118
  const auto ring = open();
  const auto old = *ring->seal("otp-seed", bytes("seed"), bytes("row"));
  ASSERT_TRUE(add_key(path_, WallTime{}));
  const auto other = open();
  const auto sealed = *other->seal("otp-seed", bytes("newer"), bytes("row"));
  EXPECT_TRUE(ring->open("otp-seed", sealed, bytes("row")));
  EXPECT_THAT(ring->keys(), ElementsAre(2, 1)) << "and it seals under the newer key, too";
  EXPECT_TRUE(ring->open("otp-seed", old, bytes("row")));
  EXPECT_EQ(ring->digest_with(2, "audit", bytes("data"))->bytes,
            other->digest("audit", bytes("data"))->bytes);
}

TEST_F(CredentialKeyRingTest, AKeyThatWasNotThereYetIsFoundLater) {
  const auto ring = open();
  EXPECT_FALSE(ring->digest_with(2, "audit", bytes("data")));
  ASSERT_TRUE(add_key(path_, WallTime{}));
  while (!ring->digest_with(2, "audit", bytes("data"))) std::this_thread::yield();
  EXPECT_THAT(ring->keys(), ElementsAre(2, 1));
}

TEST_F(CredentialKeyRingTest, WhatAReloadWouldNotTakeIsNotTakenUnasked) {
  const auto newer = "2 " + std::string(64, 'b') + "\n";
  for (const auto& content : {newer,  // without our current one, or with another in its place
                              "1 " + std::string(64, 'c') + "\n" + newer}) {
    write("1 " + std::string(64, 'a') + "\n");
    const auto ring = open();
    const auto sealed = *ring->seal("otp-seed", bytes("seed"), bytes("row"));
    write(content);
    EXPECT_FALSE(ring->digest_with(2, "audit", bytes("data"))) << content;
    EXPECT_THAT(ring->keys(), ElementsAre(1));
    EXPECT_TRUE(ring->open("otp-seed", sealed, bytes("row")));
  }
}

TEST_F(CredentialKeyRingTest, AKeyThatTheFileLostMeanwhileStaysOurs) {
  ASSERT_TRUE(add_key(path_, WallTime{}));
  const auto ring = open();
  ASSERT_TRUE(drop_key(path_, 1));
  ASSERT_TRUE(add_key(path_, WallTime{}));
  EXPECT_TRUE(ring->digest_with(3, "audit", bytes("data")));
  EXPECT_THAT(ring->keys(), ElementsAre(3, 2, 1));
}

TEST_F(CredentialKeyRingTest, AnythingElseIsNoSealedValue) {
  const auto ring = open();
  EXPECT_EQ(ring->key_of(bytes("short")).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(ring->key_of(Bytes(100, 2)).error().code, ErrorCode::InvalidInput);
}

TEST_F(CredentialKeyRingTest, AnyThreadMayCallWhileItIsReadAgain) {
  const auto ring = open();
  const auto sealed = *ring->seal("otp-seed", bytes("seed"), bytes("row"));
  const auto digest = ring->digest_with(1, "audit", bytes("data"))->bytes;
  std::vector<std::jthread> threads;
  threads.reserve(8);
  for (int n = 0; n < 8; ++n) {
    threads.emplace_back([&, n] {
      for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(ring->open("otp-seed", sealed, bytes("row")));
        ASSERT_EQ(ring->digest_with(1, "audit", bytes("data"))->bytes, digest);
        ASSERT_TRUE(ring->digest("purpose " + std::to_string(n * 1000 + i), bytes("data")));
        if (i % 50 == 0) {
          ASSERT_TRUE(ring->reload({}));
        }
      }
    });
  }
}

}  // namespace
}  // namespace twinlock
