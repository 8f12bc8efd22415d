// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>

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

Result<std::vector<StoredRecord>> find(Database& database, const AuditQuery& query) {
  if (query.newest && query.user.empty()) {
    auto row = database.prepare(
        "SELECT sequence, time, type, user, uid, service, source, method_type, method, reason,"
        " conversation, actor, detail, key, mac FROM audit ORDER BY sequence DESC LIMIT ?1");
    return read_all(row.bind(std::max(query.limit, 0)));
  }
  if (query.newest) {
    auto row = database.prepare(
        "SELECT sequence, time, type, user, uid, service, source, method_type, method, reason,"
        " conversation, actor, detail, key, mac FROM audit WHERE user = ?2 AND user <> ''"
        " ORDER BY sequence DESC LIMIT ?1");
    return read_all(row.bind(std::max(query.limit, 0), query.user));
  }
  // Beyond what SQLite can number there is nothing.
  const auto after = static_cast<std::int64_t>(
      std::min<std::uint64_t>(query.after, std::numeric_limits<std::int64_t>::max()));
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

// Goes through the chain, a thousand records at a time, so that neither logins nor the write-ahead
// log wait for it. What is appended meanwhile is left to the next verification.
class Verifier {
 public:
  explicit Verifier(KeyRing& keys) : keys_(keys) {}

  // Looks at the end first. `epoch`: how far the log is known to have come. Lost if that is enough.
  Result<Claim> begin(Database& database, const Epoch& epoch) {
    auto row = database.prepare(
        "SELECT sequence, mac, (SELECT max(sequence) FROM audit) FROM audit_head WHERE id = 1");
    const auto next = row.step();
    if (!next) return next.error();
    if (*next == Next::End) return found("the head of the log is missing");
    head_ = {.sequence = row.number<std::uint64_t>(0), .mac = row.array<MacBytes>(1)};
    if (head_.sequence < epoch.sequence) {
      return found("the log ends after " + record_name(head_.sequence) + ", but had come to " +
                   std::to_string(epoch.sequence));
    }
    const auto newest = row.number<std::uint64_t>(2);
    if (newest > head_.sequence) {
      return found(record_name(newest) + " was added beyond the head of the log, " +
                   std::to_string(head_.sequence));
    }
    return Claim::Won;
  }

  // Checks on from where it stands; Lost once there is nothing more to check.
  Result<Claim> next_part(Database& database) {
    const auto floor = read_floor(database, keys_);
    if (!floor) return floor.error();
    if (at_.sequence < floor->sequence || !begun_) {
      if (!floor->finding.empty()) return found(floor->finding);
      at_ = {.sequence = floor->sequence, .mac = floor->mac};
      begun_ = true;
    }
    auto row = database.prepare(
        "SELECT sequence, time, type, user, uid, service, source, method_type, method, reason,"
        " conversation, actor, detail, key, mac FROM audit WHERE sequence > ?1 AND sequence <= ?2"
        " ORDER BY sequence LIMIT ?3");
    row.bind(at_.sequence, head_.sequence, kVerifiedAtOnce);
    const auto records = read_all(row);
    if (!records) return records.error();
    for (const auto& stored : *records) {
      if (const auto finding = check(stored); !finding.empty()) return found(finding);
    }
    if (!records->empty()) return Claim::Won;
    if (at_.sequence < head_.sequence) {
      return found("the log ends after " + record_name(at_.sequence) + ", its head says " +
                   std::to_string(head_.sequence));
    }
    if (at_.sequence == head_.sequence && at_.mac != head_.mac) {
      return found("the head of the log does not fit its last record, " +
                   std::to_string(at_.sequence));
    }
    return Claim::Lost;
  }

  [[nodiscard]] const AuditVerification& verification() const { return verification_; }

 private:
  Claim found(const std::string& finding) {
    verification_.finding = finding;
    return Claim::Lost;
  }

  std::string check(const StoredRecord& stored) {
    const auto& record = stored.record;
    if (record.sequence != at_.sequence + 1) {
      return record_name(at_.sequence + 1) + " is missing: the next one is " +
             std::to_string(record.sequence);
    }
    const auto mac = audit_mac(keys_, stored.key, at_.mac, record.sequence, record.event, scratch_);
    if (!mac) return record_name(record.sequence) + " can't be checked: " + mac.error().detail;
    if (!equal_in_constant_time(mac->bytes, record.mac)) {
      return record_name(record.sequence) + " was changed, or the one before it";
    }
    at_ = {.sequence = record.sequence, .mac = record.mac};
    ++verification_.records;
    return {};
  }

  KeyRing& keys_;
  AuditVerification verification_;
  Epoch head_;
  Epoch at_;  // the record that was checked last
  bool begun_ = false;
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

Result<AuditVerification> SqliteStore::verify() {
  const auto epoch = writer_.epoch();
  Verifier verifier(keys_);
  auto more = reading([&](Database& database) { return verifier.begin(database, epoch); });
  while (more && *more == Claim::Won) {
    more = reading([&](Database& database) {
      return sqlite::in_one_snapshot(database, [&] { return verifier.next_part(database); });
    });
  }
  if (!more) return more.error();
  return verifier.verification();
}

}  // namespace twinlock
