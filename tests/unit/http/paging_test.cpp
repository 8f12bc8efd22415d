// SPDX-License-Identifier: MIT
#include "daemon/http/paging.h"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

// §1.5 of the contract.
namespace twinlock::http {
namespace {

Request request_with(std::vector<Field> query) {
  Request request;
  request.query = std::move(query);
  return request;
}

TEST(Page, HasFiftyEntriesFromTheBeginningUnlessSaid) {
  const auto page = page_of(request_with({{"unknown", "x"}}));  // C11
  ASSERT_TRUE(page);
  EXPECT_EQ(page->start(), 0);
  EXPECT_EQ(page->size, 50);
  EXPECT_FALSE(page->include_totals);
  EXPECT_FALSE(page->is_checkpoint);
}

TEST(Page, IsWhatTheQuerySays) {
  const auto page =
      page_of(request_with({{"page", "3"}, {"per_page", "100"}, {"include_totals", "true"}}));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->start(), 300);
  EXPECT_EQ(page->size, 100);
  EXPECT_TRUE(page->include_totals);
}

TEST(Page, BecomesACheckpointByFromOrTake) {
  const auto page = page_of(request_with({{"from", "abc"}, {"take", "0"}}));
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->is_checkpoint);
  EXPECT_EQ(page->from, "abc");
  EXPECT_EQ(page->size, 0);
  EXPECT_TRUE(page_of(request_with({{"take", "5"}}))->is_checkpoint);
}

TEST(Page, HasNoLastNumber) {  // behind the end there is an empty list
  const auto page = page_of(request_with({{"page", "99999999999999999999"}, {"per_page", "100"}}));
  ASSERT_TRUE(page);
  EXPECT_GT(page->start(), 0);
}

TEST(Page, RefusesAKnownParameterWithABadValue) {
  for (const auto& field : std::vector<Field>{{"page", "-1"},
                                              {"page", ""},
                                              {"page", "1.0"},
                                              {"page", " 1"},
                                              {"per_page", "101"},
                                              {"per_page", "-99999999999999999999"},
                                              {"take", "101"},
                                              {"include_totals", "yes"}}) {
    const auto page = page_of(request_with({field}));
    ASSERT_FALSE(page) << field.first << "=" << field.second;
    EXPECT_EQ(page.refusal().status, 400);
    EXPECT_THAT(page.refusal().body, testing::HasSubstr("Query validation error: '"));
    EXPECT_THAT(page.refusal().body, testing::HasSubstr("on property " + field.first));
  }
}

}  // namespace
}  // namespace twinlock::http
