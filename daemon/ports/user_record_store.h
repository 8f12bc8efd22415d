// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_PORTS_USER_RECORD_STORE_H
#define TWINLOCK_DAEMON_PORTS_USER_RECORD_STORE_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/domain/audit_event.h"
#include "daemon/domain/user_record.h"
#include "daemon/ports/claim.h"

namespace twinlock {

enum class RecordWrite {
  Written,
  Moved,   // somebody else wrote it meanwhile: look again
  Exists,  // another record of this connection has the address or the user name
};

// Where a page of records begins and which way it goes: by creation, ties by name and uid.
struct RecordPage {
  bool newest_first = false;
  // After the record that was created then and belongs to that owner.
  std::optional<std::pair<WallTime, Account>> after;
  std::int64_t skip = 0;
  int limit = 50;
  std::string connection;  // empty: of all
};

// The promises of store.h hold. Writes are durable. Addresses and user names are compared without
// regard to case, and kept sealed with the rest of a profile (S114, S115).
class UserRecordStore {
 public:
  virtual ~UserRecordStore() = default;

  // Of this name and uid.
  virtual Result<std::optional<UserRecord>> user_record(const Account& owner) = 0;
  // Of this name, whatever the uid, oldest first.
  virtual Result<std::vector<UserRecord>> user_records_named(std::string_view name) = 0;
  // Of every connection, oldest first.
  virtual Result<std::vector<UserRecord>> user_records_with_email(std::string_view address) = 0;
  virtual Result<std::vector<UserRecord>> user_records(const RecordPage& page) = 0;
  virtual Result<std::int64_t> count_user_records(std::string_view connection) = 0;

  // Replaces the version that `next` names by it, as the one after; of version 0: if there is none
  // yet. Ends the user's tickets (S76); where `next` is blocked, the conversations of the name.
  virtual Result<RecordWrite> write_user_record(const UserRecord& next,
                                                const AuditEvent& event) = 0;
  // Everything under this name: records, methods, attempts, places, tickets, conversations. Lost:
  // there was nothing.
  virtual Result<Claim> remove_user(std::string_view name, const AuditEvent& event) = 0;

  virtual Result<LoginHistory> login_history(const Account& owner) = 0;
};

}  // namespace twinlock

#endif
