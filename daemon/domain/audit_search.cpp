// SPDX-License-Identifier: MIT
#include "daemon/domain/audit_search.h"

#include <algorithm>
#include <set>
#include <utility>

namespace twinlock {
namespace {

constexpr int kReadAtOnce = 500;

// Hands every record of the newest kMostSearched to `take`, the newest first, until it says that it
// has enough.
enum class Wants { More, NoMore };
template <typename Take>
Status for_each_newest(AuditStore& store, const std::string& user, Take take) {
  AuditQuery query;
  query.newest = true;
  query.user = user;
  query.limit = kReadAtOnce;
  for (int seen = 0; seen < kMostSearched; seen += kReadAtOnce) {
    const auto part = store.read(query);
    if (!part) return part.error();
    for (auto it = part->rbegin(); it != part->rend(); ++it) {
      if (take(*it) == Wants::NoMore) return Done{};
    }
    if (part->size() < static_cast<std::size_t>(kReadAtOnce)) return Done{};
    query.before = part->front().sequence;
  }
  return Done{};
}

Result<std::vector<AuditRecord>> ends_of(AuditStore& store) {
  AuditQuery query;
  query.limit = 1;
  auto oldest = store.read(query);
  if (!oldest) return oldest;
  query.newest = true;
  const auto newest = store.read(query);
  if (!newest) return newest.error();
  auto both = *std::move(oldest);
  both.insert(both.end(), newest->begin(), newest->end());
  return both;
}

// Numbers have no gaps, so that a page of everything is found by counting.
Result<AuditPage> page_of_all(AuditStore& store, const AuditSearch& search) {
  const auto ends = ends_of(store);
  if (!ends) return ends.error();
  AuditPage page;
  if (ends->size() < 2) return page;
  const auto first = ends->front().sequence;
  const auto last = ends->back().sequence;
  page.total = static_cast<std::int64_t>(last - first) + 1;
  if (search.skip >= page.total) return page;
  AuditQuery query;
  query.limit = search.limit;
  const auto skip = static_cast<std::uint64_t>(search.skip);
  if (search.order == AuditSearch::Order::OldestFirst) {
    query.after = first - 1 + skip;
  } else {
    query.newest = true;
    query.before = last + 1 - skip;
  }
  auto records = store.read(query);
  if (!records) return records.error();
  page.records = *std::move(records);
  if (query.newest) std::reverse(page.records.begin(), page.records.end());
  return page;
}

}  // namespace

Result<AuditPage> search_audit(AuditStore& store, const AuditSearch& search) {
  if (search.user.empty() && !search.matches) return page_of_all(store, search);
  std::vector<AuditRecord> found;
  const bool newest_first = search.order == AuditSearch::Order::NewestFirst;
  AuditPage page;
  const auto looked = for_each_newest(store, search.user, [&](const AuditRecord& record) {
    if (search.matches && !search.matches(record)) return Wants::More;
    const bool on_page = page.total >= search.skip && page.total < search.skip + search.limit;
    if (!newest_first || on_page) found.push_back(record);
    ++page.total;
    return Wants::More;
  });
  if (!looked) return looked.error();
  if (!newest_first) {
    std::reverse(found.begin(), found.end());
    const auto begin = std::min<std::int64_t>(search.skip, page.total);
    const auto end = std::min<std::int64_t>(begin + search.limit, page.total);
    found = {found.begin() + begin, found.begin() + end};
  }
  page.records = std::move(found);
  return page;
}

Result<std::vector<AuditRecord>> audit_record(AuditStore& store, std::uint64_t sequence) {
  if (sequence == 0) return std::vector<AuditRecord>();
  AuditQuery query;
  query.after = sequence - 1;
  query.limit = 1;
  auto found = store.read(query);
  if (!found || found->empty() || found->front().sequence == sequence) return found;
  return std::vector<AuditRecord>();
}

Result<AuditSummary> summarize_audit(AuditStore& store, WallTime from, WallTime to) {
  AuditSummary summary;
  std::set<std::string> users;
  const auto looked = for_each_newest(store, "", [&](const AuditRecord& record) {
    const auto& event = record.event;
    if (event.time < from) return Wants::NoMore;
    if (event.time >= to) return Wants::More;
    const auto day = std::chrono::floor<std::chrono::days>(event.time);
    if (event.type == AuditEventType::LoginGranted) {
      ++summary.days[day].logins;
      users.insert(event.user);
    } else if (event.type == AuditEventType::MethodEnrolled) {
      ++summary.days[day].enrollments;
    }
    return Wants::More;
  });
  if (!looked) return looked.error();
  summary.users = static_cast<std::int64_t>(users.size());
  return summary;
}

}  // namespace twinlock
