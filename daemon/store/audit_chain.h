// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_AUDIT_CHAIN_H
#define TWINLOCK_DAEMON_STORE_AUDIT_CHAIN_H

#include <cstdint>
#include <optional>
#include <vector>

#include "common/result.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/instant.h"
#include "daemon/ports/key_ring.h"
#include "daemon/store/sqlite_database.h"

// The audit log as a chain: each record carries an HMAC over its predecessor's and itself, so that
// an edit, a gap or a cut-off end shows (S127).
namespace twinlock {

// The HMAC of a record: HMAC-SHA-256 under the subkey "audit" over
//   the predecessor's 32 bytes (zeros for the first),
//   a byte 1 (the version of this encoding), sequence and time (8 bytes each, big-endian),
//   type, reason (2 bytes each), then user, service, source, conversation, actor, detail (each as
//   length in 4 bytes and text), then uid (4), method type (1), method id (16), each after a byte
//   1, or a byte 0 where there is none.
// Under the current key, or the one that is named. Appends to `scratch`, to spare allocations.
[[nodiscard]] Result<KeyedDigest> audit_mac(KeyRing& keys,
                                            std::optional<KeyId> key,
                                            const MacBytes& previous,
                                            std::uint64_t sequence,
                                            const AuditEvent& event,
                                            std::vector<std::uint8_t>& scratch);

// The seal on where retention cut the log: HMAC under the subkey "audit-floor" of the sequence and
// the HMAC of the newest deleted record. Without it, whoever can write the file could cut as well.
[[nodiscard]] Result<KeyedDigest> floor_seal(KeyRing& keys,
                                             std::optional<KeyId> key,
                                             std::uint64_t sequence,
                                             const MacBytes& mac);

struct AuditHead {
  std::uint64_t sequence = 0;
  MacBytes mac{};
  std::optional<WallTime> latest_time;  // the highest of all records, and of raise_latest_time()

  bool operator==(const AuditHead&) const = default;
};

[[nodiscard]] Result<AuditHead> read_audit_head(sqlite::Database& database);

// The HMAC of one record; nothing if there is none of that number.
[[nodiscard]] Result<std::optional<MacBytes>> mac_at(sqlite::Database& database,
                                                     std::uint64_t sequence);

// The writing end. Belongs to the writer's thread. Works on a head in memory: store_head() writes
// it, once for a transaction however many records that has.
class AuditChain {
 public:
  AuditChain(KeyRing& keys, AuditHead head) : keys_(keys), head_(head), stored_(head) {}

  // Inserts the next record, within the caller's transaction; returns its number.
  [[nodiscard]] Result<std::uint64_t> append(sqlite::Database& database, const AuditEvent& event);
  // Returns the latest time: `now`, or a later one.
  WallTime raise_latest_time(WallTime now);
  // Takes back what a clock that ran ahead has shown.
  void set_latest_time(WallTime now) { head_.latest_time = now; }

  [[nodiscard]] const AuditHead& head() const { return head_; }
  // Goes on from the stored head, which another process may have moved, within the caller's
  // transaction and before anything is appended. Unavailable if it isn't a process of ours that has
  // moved it: our last record has to be there still, and the newest one to be made with our keys.
  [[nodiscard]] Status follow(sqlite::Database& database);
  // Goes back to a head that head() returned, when what came after is rolled back.
  void rewind(const AuditHead& head) { head_ = head; }

  // Writes the head if it has moved. Unavailable if the stored one isn't the one that we left:
  // somebody else wrote to the file.
  [[nodiscard]] Status store_head(sqlite::Database& database);
  // The transaction was committed.
  void committed() { stored_ = head_; }
  [[nodiscard]] const AuditHead& stored() const { return stored_; }

 private:
  [[nodiscard]] Status check_successor(sqlite::Database& database, const AuditHead& newest);

  KeyRing& keys_;
  AuditHead head_;
  AuditHead stored_;
  std::vector<std::uint8_t> scratch_;
};

// A record as it is stored, and the key of its HMAC.
struct StoredRecord {
  AuditRecord record;
  KeyId key;
};

// Of a row: sequence, time, type, user, uid, service, source, method_type, method, reason,
// conversation, actor, detail, key, mac.
[[nodiscard]] StoredRecord read_record(const sqlite::Statement& row);

}  // namespace twinlock

#endif
