// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>

#include "common/counted.h"
#include "common/secret.h"
#include "daemon/store/sqlite_reads.h"
#include "daemon/store/sqlite_store.h"

namespace twinlock {
namespace {

using sqlite::Database;
using sqlite::Next;
using sqlite::Statement;

constexpr int kVerifiedAtOnce = 1000;

Result<std::vector<StoredRecord>> read_all(Statement& row) {
  return sqlite::rows_of(row, read_record);
}

// Beyond what SQLite can number there is nothing.
std::int64_t as_number(std::uint64_t sequence) {
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(sequence, std::numeric_limits<std::int64_t>::max()));
}

Result<std::vector<StoredRecord>> find(Database& database, const AuditQuery& query) {
  const auto before =
      query.before == 0 ? std::numeric_limits<std::int64_t>::max() : as_number(query.before);
  if (query.newest && query.user.empty()) {
    auto row = database.prepare(
        "SELECT sequence, time, type, user, uid, service, source, method_type, method, reason,"
        " conversation, actor, detail, key, mac FROM audit WHERE sequence < ?2"
        " ORDER BY sequence DESC LIMIT ?1");
    return read_all(row.bind(std::max(query.limit, 0), before));
  }
  if (query.newest) {
    auto row = database.prepare(
        "SELECT sequence, time, type, user, uid, service, source, method_type, method, reason,"
        " conversation, actor, detail, key, mac FROM audit"
        " WHERE user = ?2 AND user <> '' AND sequence < ?3 ORDER BY sequence DESC LIMIT ?1");
    return read_all(row.bind(std::max(query.limit, 0), query.user, before));
  }
  const auto after = as_number(query.after);
  if (query.user.empty()) {
    auto row = database.prepare(
        "SELECT sequence, time, type, user, uid, service, source, method_type, method, reason,"
        " conversation, actor, detail, key, mac FROM audit WHERE sequence > ?2"
        " ORDER BY sequence LIMIT ?1");
    return read_all(row.bind(std::max(query.limit, 0), after));
  }
  auto row = database.prepare(
      "SELECT sequence, time, type, user, uid, service, source, method_type, method, reason,"
      " conversation, actor, detail, key, mac FROM audit"
      " WHERE sequence > ?2 AND user = ?3 AND user <> '' ORDER BY sequence LIMIT ?1");
  return read_all(row.bind(std::max(query.limit, 0), after, query.user));
}

std::string record_name(std::uint64_t sequence) { return "record " + std::to_string(sequence); }

// Where the log begins: after what retention has deleted.
struct Floor {
  std::uint64_t sequence;
  MacBytes mac;
  std::string finding;  // not empty: it wasn't retention
};

Result<Floor> read_floor(Database& database, KeyRing& keys) {
  auto row = database.prepare(
      "SELECT floor_sequence, floor_mac, floor_key, floor_seal FROM audit_head WHERE id = 1");
  const auto next = row.step();
  if (!next) return next.error();
  if (*next == Next::End) return Error{ErrorCode::Unavailable, "the audit head is missing"};
  Floor floor{
      .sequence = row.number<std::uint64_t>(0), .mac = row.array<MacBytes>(1), .finding = {}};
  if (floor.sequence == 0) return Floor{.sequence = 0, .mac = {}, .finding = {}};
  const auto seal = floor_seal(keys, row.number<KeyId>(2), floor.sequence, floor.mac);
  if (!seal) {
    floor.finding = "where the log begins can't be checked: " + seal.error().detail;
  } else if (!equal_in_constant_time(seal->bytes, row.array<MacBytes>(3))) {
    floor.finding = "the log was cut at its beginning, after " + record_name(floor.sequence);
  }
  return floor;
}

// Goes on with a review, a thousand records at a time, so that neither logins nor the write-ahead
// log wait for it.
class Reviewer {
 public:
  Reviewer(KeyRing& keys, AuditReview& review) : keys_(keys), review_(review) {}

  // Looks at the end first. `epoch`: how far the log is known to have come.
  Status begin(Database& database, const Epoch& epoch) {
    auto row = database.prepare(
        "SELECT sequence, mac, (SELECT max(sequence) FROM audit) FROM audit_head WHERE id = 1");
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End) {
      note("the head of the log is missing");
      return end();
    }
    review_.head = {.sequence = row.number<std::uint64_t>(0), .mac = row.array<MacBytes>(1)};
    if (review_.head.sequence < epoch.sequence) {
      note("the log ends after " + record_name(review_.head.sequence) + ", but had come to " +
           std::to_string(epoch.sequence));
    }
    const auto newest = row.number<std::uint64_t>(2);
    if (newest > review_.head.sequence) {
      note(record_name(newest) + " was added beyond the head of the log, " +
           std::to_string(review_.head.sequence));
    }
    const auto floor = read_floor(database, keys_);
    if (!floor) return floor.error();
    if (!floor->finding.empty()) note(floor->finding);
    review_.at = {.sequence = floor->sequence, .mac = floor->mac};
    review_.state = AuditReview::State::Going;
    return Done{};
  }

  Status next_part(Database& database) {
    if (auto moved = follow_floor(database); !moved) return moved;
    auto row = database.prepare(
        "SELECT sequence, time, type, user, uid, service, source, method_type, method, reason,"
        " conversation, actor, detail, key, mac FROM audit WHERE sequence > ?1 AND sequence <= ?2"
        " ORDER BY sequence LIMIT ?3");
    row.bind(review_.at.sequence, review_.head.sequence, kVerifiedAtOnce);
    const auto records = read_all(row);
    if (!records) return records.error();
    for (const auto& stored : *records) {
      if (const auto finding = check(stored); !finding.empty()) note(finding);
      review_.at = {.sequence = stored.record.sequence, .mac = stored.record.mac};
    }
    return records->empty() ? check_head() : Done{};
  }

 private:
  // What retention has deleted since the last part isn't there to be checked any more.
  Status follow_floor(Database& database) {
    const auto floor = read_floor(database, keys_);
    if (!floor) return floor.error();
    if (review_.at.sequence >= floor->sequence) return Done{};
    if (!floor->finding.empty()) note(floor->finding);
    review_.at = {.sequence = floor->sequence, .mac = floor->mac};
    return Done{};
  }

  Status check_head() {
    if (review_.at.sequence < review_.head.sequence) {
      note("the log ends after " + record_name(review_.at.sequence) + ", its head says " +
           std::to_string(review_.head.sequence));
    }
    if (review_.at.sequence == review_.head.sequence && review_.at.mac != review_.head.mac) {
      note("the head of the log does not fit its last record, " +
           std::to_string(review_.at.sequence));
    }
    return end();
  }

  Status end() {
    if (review_.breaks > 1) {
      review_.result.finding +=
          "; " + counted(review_.breaks, "break") + " in all, the last: " + review_.last_break;
    }
    review_.state = AuditReview::State::Ended;
    return Done{};
  }

  void note(const std::string& finding) {
    if (review_.breaks++ == 0) review_.result.finding = finding;
    review_.last_break = finding;
  }

  std::string check(const StoredRecord& stored) {
    const auto& record = stored.record;
    const auto& at = review_.at;
    if (record.sequence != at.sequence + 1) {
      return record_name(at.sequence + 1) + " is missing: the next one is " +
             std::to_string(record.sequence);
    }
    const auto mac = audit_mac(keys_, stored.key, at.mac, record.sequence, record.event, scratch_);
    if (!mac) return record_name(record.sequence) + " can't be checked: " + mac.error().detail;
    if (!equal_in_constant_time(mac->bytes, record.mac)) {
      return record_name(record.sequence) + " was changed, or the one before it";
    }
    ++review_.result.records;
    return {};
  }

  KeyRing& keys_;
  AuditReview& review_;
  std::vector<std::uint8_t> scratch_;
};

}  // namespace

Result<std::uint64_t> SqliteStore::append(const AuditEvent& event) {
  return writing<std::uint64_t>(Durability::Power,
                                [event](WriteScope& scope) { return scope.record(event); });
}

Result<std::vector<AuditRecord>> SqliteStore::read(const AuditQuery& query) {
  auto stored = reading([&query](Database& database) { return find(database, query); });
  if (!stored) return stored.error();
  auto found = *std::move(stored);
  if (query.newest) std::reverse(found.begin(), found.end());
  std::vector<AuditRecord> records;
  records.reserve(found.size());
  for (auto& one : found) records.push_back(std::move(one.record));
  return records;
}

Result<AuditReview> SqliteStore::review_on(AuditReview review) {
  const auto epoch = writer_.epoch();
  Reviewer reviewer(keys_, review);
  const auto reviewed = reading([&](Database& database) {
    return sqlite::in_one_snapshot(database, [&] {
      return review.state == AuditReview::State::Beginning ? reviewer.begin(database, epoch)
                                                           : reviewer.next_part(database);
    });
  });
  if (!reviewed) return reviewed.error();
  return review;
}

Result<AuditVerification> SqliteStore::verify() {
  Result<AuditReview> review = AuditReview{};
  while (review && review->state != AuditReview::State::Ended) review = review_on(*review);
  if (!review) return review.error();
  return review->result;
}

}  // namespace twinlock
