// SPDX-License-Identifier: MIT
#include "daemon/http/admission.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

// S53: how many connections there may be.
namespace twinlock::http {
namespace {

using Verdict = Admission::Verdict;

TEST(Admission, TurnsAwayWhatASourceHasTooMuch) {
  Admission admission(10, 2);
  std::vector<Admission::Place> places;
  for (int i = 0; i < 2; ++i) places.push_back(admission.enter("a"));
  EXPECT_EQ(places.back().verdict(), Verdict::Served);
  EXPECT_EQ(admission.enter("a").verdict(), Verdict::TurnedAway);
  EXPECT_EQ(admission.enter("b").verdict(), Verdict::Served);
  places.pop_back();
  EXPECT_EQ(admission.enter("a").verdict(), Verdict::Served);
}

TEST(Admission, TurnsAwayWhatIsTooMuchInAll) {
  Admission admission(3, 2);
  std::vector<Admission::Place> places;
  for (const auto* source : {"a", "b", "c"}) places.push_back(admission.enter(source));
  EXPECT_EQ(admission.enter("d").verdict(), Verdict::TurnedAway);
  places.clear();
  EXPECT_EQ(admission.served(), 0U);
}

TEST(Admission, DropsWhatIsBeyondTheAllowanceForTurningAway) {
  Admission admission(1, 1);
  std::vector<Admission::Place> places;
  places.push_back(admission.enter("a"));
  for (std::size_t i = 0; i < kTurnedAwayPerSource; ++i) places.push_back(admission.enter("a"));
  EXPECT_EQ(places.back().verdict(), Verdict::TurnedAway);
  EXPECT_EQ(admission.enter("a").verdict(), Verdict::Dropped);
  EXPECT_EQ(admission.enter("b").verdict(), Verdict::TurnedAway);
  places.clear();
  EXPECT_EQ(admission.enter("a").verdict(), Verdict::Served);
}

TEST(Admission, CountsAListedProxyInAllOnly) {
  Admission admission(5, 1);
  std::vector<Admission::Place> places;
  for (int i = 0; i < 5; ++i) places.push_back(admission.enter(""));
  EXPECT_EQ(places.back().verdict(), Verdict::Served);
  EXPECT_EQ(admission.enter("").verdict(), Verdict::TurnedAway);
}

TEST(Admission, BoundsTheLongBodiesThatAreRead) {
  Admission admission(100, 100);
  std::vector<std::shared_ptr<void>> bodies;
  for (std::size_t i = 0; i < kBulkBodiesAtOnce; ++i) bodies.push_back(admission.enter_bulk());
  EXPECT_TRUE(bodies.back());
  EXPECT_FALSE(admission.enter_bulk());
  bodies.pop_back();
  EXPECT_TRUE(admission.enter_bulk());
}

TEST(Admission, GivesAPlaceBackOnceWhereverItWasMoved) {
  Admission admission(1, 1);
  {
    auto place = admission.enter("a");
    const auto moved = std::move(place);
    EXPECT_EQ(admission.served(), 1U);
  }
  EXPECT_EQ(admission.served(), 0U);
}

}  // namespace
}  // namespace twinlock::http
