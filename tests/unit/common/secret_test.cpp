// SPDX-License-Identifier: MIT
#include "common/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

// What freed blocks held at the moment they were given back, while a test is watching.
bool watching = false;
std::vector<std::vector<unsigned char>>* freed = nullptr;

void note(void* block, std::size_t size) {
  if (!watching) return;
  watching = false;  // the note itself allocates
  const auto* bytes = static_cast<unsigned char*>(block);
  freed->emplace_back(bytes, bytes + size);
  watching = true;
}

}  // namespace

// Blocks carry their size in front, so that the whole of each can be looked at.
void* operator new(std::size_t size) {
  auto* block = static_cast<std::size_t*>(std::malloc(size + alignof(std::max_align_t)));
  if (block == nullptr) throw std::bad_alloc();
  *block = size;
  return reinterpret_cast<char*>(block) + alignof(std::max_align_t);
}

// The library sorts with this one, and gives its blocks back as any others.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  try {
    return operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void operator delete(void* memory) noexcept {
  if (memory == nullptr) return;
  char* block = static_cast<char*>(memory) - alignof(std::max_align_t);
  note(memory, *reinterpret_cast<std::size_t*>(block));
  std::free(block);
}

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace twinlock {
namespace {

const std::string kMarker = "otter-7731-umbrella";

class SecretMemoryTest : public testing::Test {
 protected:
  void SetUp() override { freed = &freed_; }
  void TearDown() override { watching = false; }

  // Whether the marker was in a block that was freed while `act` ran.
  template <typename Act>
  bool leaks(const Act& act) {
    freed_.clear();
    watching = true;
    act();
    watching = false;
    return std::any_of(freed_.begin(), freed_.end(), [](const auto& block) {
      return std::search(block.begin(), block.end(), kMarker.begin(), kMarker.end()) != block.end();
    });
  }

  std::vector<std::vector<unsigned char>> freed_;
};

TEST_F(SecretMemoryTest, TheWatchSeesABlockThatIsNotWiped) {
  EXPECT_TRUE(leaks([] {
    auto* block = new std::array<char, 64>();
    std::copy(kMarker.begin(), kMarker.end(), block->begin());
    // Through a volatile pointer: the compiler may leave out an allocation that nobody sees.
    std::array<char, 64>* volatile seen = block;
    delete seen;
  }));  // NOLINT(clang-analyzer-unix.Malloc): it doesn't follow the volatile pointer
}

TEST_F(SecretMemoryTest, WipesItselfWhenItGoes) {  // S19, S116
  EXPECT_FALSE(leaks([] { const Secret secret(kMarker); }));
  EXPECT_FALSE(freed_.empty());
}

TEST_F(SecretMemoryTest, WipesWhatItHeldBeforeAnAssignment) {  // S19
  Secret secret(kMarker);
  EXPECT_FALSE(leaks([&secret] { secret = Secret(std::string_view("other")); }));
  EXPECT_FALSE(freed_.empty());
  EXPECT_EQ(secret.text(), "other");
}

TEST_F(SecretMemoryTest, ACopyWipesItselfToo) {
  const Secret secret(kMarker);
  EXPECT_FALSE(leaks([&secret] { EXPECT_EQ(secret.copy().text(), kMarker); }));
  EXPECT_EQ(secret.text(), kMarker);
}

TEST(SecretTest, AMovedFromSecretIsEmpty) {
  Secret first(kMarker);
  const Secret second(std::move(first));
  // NOLINTBEGIN(bugprone-use-after-move,clang-analyzer-cplusplus.Move): what the class promises
  EXPECT_TRUE(first.empty());
  EXPECT_EQ(first.text(), "");
  // NOLINTEND(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
  EXPECT_EQ(second.text(), kMarker);
}

TEST(SecretTest, AssigningASecretToItselfKeepsIt) {
  Secret secret(kMarker);
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.text(), kMarker);
}

TEST(SecretTest, AnEmptyOneHasNoBytes) {
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret(std::string_view()).empty());
  EXPECT_EQ(Secret(std::size_t{4}).text(), std::string_view("\0\0\0\0", 4));
}

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <typename T>
concept Comparable = requires(const T& value) {
  value == value;
};

TEST(SecretTest, CannotBeCopiedComparedOrPrinted) {  // S19, S116
  EXPECT_FALSE(std::is_copy_constructible_v<Secret>);
  EXPECT_FALSE(std::is_copy_assignable_v<Secret>);
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string>));
  EXPECT_FALSE((std::is_convertible_v<std::string, Secret>));
  EXPECT_FALSE(Printable<Secret>);
  EXPECT_FALSE(Comparable<Secret>);
  EXPECT_TRUE(Printable<std::string>);
  EXPECT_TRUE(Comparable<std::string>);
}

TEST(EqualInConstantTimeTest, TellsEqualFromUnequalWhereverTheyDiffer) {  // S86, S116
  const Secret secret(kMarker);
  EXPECT_TRUE(equal_in_constant_time(secret.bytes(), Secret(kMarker).bytes()));
  for (std::size_t i = 0; i < kMarker.size(); ++i) {
    for (const unsigned bit : {0x01U, 0x80U}) {
      Secret other(kMarker);
      other.bytes()[i] = static_cast<std::uint8_t>(other.bytes()[i] ^ bit);
      EXPECT_FALSE(equal_in_constant_time(secret.bytes(), other.bytes())) << i;
    }
  }
}

TEST(EqualInConstantTimeTest, DifferentLengthsAreUnequal) {
  EXPECT_FALSE(equal_in_constant_time(Secret(kMarker).bytes(), Secret(kMarker + "x").bytes()));
  EXPECT_FALSE(equal_in_constant_time(Secret().bytes(), Secret(kMarker).bytes()));
  EXPECT_TRUE(equal_in_constant_time(Secret().bytes(), Secret().bytes()));
}

TEST(WipeTest, LeavesZeros) {
  std::vector<std::uint8_t> bytes(64, 0xAA);
  wipe(bytes);
  EXPECT_EQ(bytes, std::vector<std::uint8_t>(64, 0));
}

}  // namespace
}  // namespace twinlock
