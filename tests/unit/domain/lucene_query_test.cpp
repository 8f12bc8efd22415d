// SPDX-License-Identifier: MIT
#include "daemon/domain/lucene_query.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

namespace twinlock {
namespace {

constexpr std::array<std::string_view, 5> kFields{"user_id", "email", "name", "type", "date"};

const std::map<std::string, std::string, std::less<>> kAlice{{"user_id", "unix|alice"},
                                                             {"email", "alice@example.com"},
                                                             {"name", "Alice Liddell"},
                                                             {"date", "2026-03-22T10:00:00.000Z"}};

std::vector<std::string> of_alice(std::string_view field) {
  const auto found = kAlice.find(field);
  return found == kAlice.end() ? std::vector<std::string>() : std::vector{found->second};
}

bool finds_alice(std::string_view text) {
  const auto query = LuceneQuery::parse(text, kFields);
  EXPECT_TRUE(query) << text << ": " << query.error().detail;
  return query && query->matches(of_alice);
}

std::string refusal(std::string_view text) {
  const auto query = LuceneQuery::parse(text, kFields);
  EXPECT_FALSE(query) << text;
  return query ? "" : query.error().detail;
}

TEST(LuceneQuery, FindsByValue) {
  EXPECT_TRUE(finds_alice("email:alice@example.com"));
  EXPECT_TRUE(finds_alice("email:\"alice@example.com\""));
  EXPECT_TRUE(finds_alice("name:\"alice LIDDELL\"")) << "case is ignored";
  EXPECT_TRUE(finds_alice("user_id:unix|alice"));
  EXPECT_TRUE(finds_alice("  date:2026-03-22T10:00:00.000Z  "));
  EXPECT_FALSE(finds_alice("name:alice")) << "the whole value, not a word of it";
  EXPECT_FALSE(finds_alice("type:sapi"));
}

TEST(LuceneQuery, FindsByPrefixAndByExistence) {
  EXPECT_TRUE(finds_alice("name:ali*"));
  EXPECT_FALSE(finds_alice("name:bob*"));
  EXPECT_TRUE(finds_alice("name:*"));
  EXPECT_FALSE(finds_alice("type:*"));
  EXPECT_TRUE(finds_alice("_exists_:email"));
  EXPECT_FALSE(finds_alice("_exists_:type"));
}

TEST(LuceneQuery, BindsAndStrongerThanOr) {
  EXPECT_TRUE(finds_alice("name:ali* OR type:a AND type:b"));
  EXPECT_FALSE(finds_alice("(name:ali* OR type:a) AND type:b"));
  EXPECT_TRUE(finds_alice("NOT type:a"));
  EXPECT_FALSE(finds_alice("name:ali* AND NOT email:alice*"));
  EXPECT_TRUE(finds_alice("NOT NOT name:ali*"));
  EXPECT_TRUE(finds_alice("NOT(type:a)AND(name:ali*)"));
}

TEST(LuceneQuery, ABackslashTakesAwayAMeaning) {
  EXPECT_TRUE(finds_alice(R"(name:Alice\ Liddell)"));
  EXPECT_FALSE(finds_alice(R"(name:Ali\*)"));
  EXPECT_TRUE(finds_alice(R"(name:"Alice \Liddell")"));
}

TEST(LuceneQuery, SaysWhatItDoesNotUnderstand) {
  EXPECT_EQ(refusal(""), "a term has to be field:value, not ''");
  EXPECT_EQ(refusal("alice"), "a term has to be field:value, not 'alice'");
  EXPECT_EQ(refusal("shoe:40"), "there is no field shoe");
  EXPECT_EQ(refusal("_exists_:shoe"), "there is no field shoe");
  EXPECT_EQ(refusal("name:"), "the field name has no value");
  EXPECT_EQ(refusal("name:\"a"), "a quotation mark is not closed");
  EXPECT_EQ(refusal("(name:a"), "a parenthesis is not closed");
  EXPECT_EQ(refusal("name:a name:b"), "AND or OR expected at 'name:b'");
  EXPECT_EQ(refusal("name:a)"), "AND or OR expected at ')'");
  EXPECT_EQ(refusal("name:a*b"), "* has to be the end of a value");
  EXPECT_EQ(refusal("name:[a TO b]"), "'[' has to be quoted");
  EXPECT_EQ(refusal("name:a~2"), "'~' has to be quoted");
  EXPECT_EQ(refusal("name:a\\"), "the query ends with a backslash");
  EXPECT_EQ(refusal("name:a AND"), "a term has to be field:value, not ''");
}

TEST(LuceneQuery, IsBounded) {
  EXPECT_EQ(refusal("name:" + std::string(1024, 'a')), "the query is longer than 1024 bytes");
  EXPECT_EQ(refusal(std::string(500, '(')), "the query is nested too deeply");
  std::string many = "name:a";
  for (int i = 0; i < 64; ++i) many += " OR name:a";
  EXPECT_EQ(refusal(many), "the query has more than 64 terms");
  std::string nots;
  for (int i = 0; i < 20; ++i) nots += "NOT ";
  EXPECT_EQ(refusal(nots + "name:a"), "the query is nested too deeply");
}

TEST(LuceneQuery, TellsWhatEveryMatchMustHave) {
  const auto demanded = [](std::string_view text) {
    return LuceneQuery::parse(text, kFields)->demanded("email");
  };
  EXPECT_EQ(demanded("email:\"A@b.c\""), "a@b.c");
  EXPECT_EQ(demanded("name:x AND email:a@b.c"), "a@b.c");
  EXPECT_FALSE(demanded("name:x OR email:a@b.c"));
  EXPECT_FALSE(demanded("NOT email:a@b.c"));
  EXPECT_FALSE(demanded("email:a*"));
  EXPECT_TRUE(LuceneQuery::parse("name:x OR email:a", kFields)->mentions("email"));
  EXPECT_FALSE(LuceneQuery::parse("name:x", kFields)->mentions("email"));
}

}  // namespace
}  // namespace twinlock
