// SPDX-License-Identifier: MIT
#include "daemon/store/audit_chain.h"

#include <algorithm>
#include <concepts>
#include <span>
#include <string_view>

#include "common/encoding.h"
#include "common/secret.h"

namespace twinlock {
namespace {

class Encoder {
 public:
  explicit Encoder(std::vector<std::uint8_t>& out) : out_(out) { out_.clear(); }

  void bytes(std::span<const std::uint8_t> value) {
    out_.insert(out_.end(), value.begin(), value.end());
  }
  template <std::unsigned_integral T>
  void number(T value) {
    for (int shift = 8 * (static_cast<int>(sizeof(T)) - 1); shift >= 0; shift -= 8) {
      out_.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    out_.insert(out_.end(), value.begin(), value.end());
  }
  bool present(bool there) {
    out_.push_back(there ? 1 : 0);
    return there;
  }

 private:
  std::vector<std::uint8_t>& out_;
};

void encode(Encoder& out,
            const MacBytes& previous,
            std::uint64_t sequence,
            const AuditEvent& event) {
  out.bytes(previous);
  out.number(std::uint8_t{1});
  out.number(sequence);
  out.number(static_cast<std::uint64_t>(event.time.time_since_epoch().count()));
  out.number(static_cast<std::uint16_t>(event.type));
  out.number(static_cast<std::uint16_t>(event.reason));
  out.text(event.user);
  out.text(event.service);
  out.text(event.source);
  out.text(event.conversation);
  out.text(event.actor);
  out.text(event.detail);
  if (out.present(event.uid.has_value())) out.number(*event.uid);
  if (out.present(event.method_type.has_value())) {
    out.number(static_cast<std::uint8_t>(*event.method_type));
  }
  if (out.present(event.method_id.has_value())) out.bytes(event.method_id->bytes);
}

// Conversation ids are sixteen bytes in hexadecimal: half as long as a blob. Nothing if `text` is
// anything else, which is stored as it is.
std::optional<std::array<std::uint8_t, 16>> as_id(std::string_view text) {
  if (text.size() != 32) return std::nullopt;
  std::array<std::uint8_t, 16> id{};
  for (std::size_t i = 0; i < 32; ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    const int nibble = digit ? c - '0' : c - 'a' + 10;
    id[i / 2] = static_cast<std::uint8_t>(id[i / 2] << 4 | nibble);
  }
  return id;
}

Error moved_by_somebody_else() {
  return {ErrorCode::Unavailable, "the audit head was changed by somebody else"};
}

// Where retention has cut: the newest record that is gone. Zero and zeros: none, so that it is what
// the first record comes after.
struct Floor {
  std::uint64_t sequence;
  MacBytes mac;
};

Result<Floor> read_floor(sqlite::Database& database) {
  auto row = database.prepare("SELECT floor_sequence, floor_mac FROM audit_head WHERE id = 1");
  const auto next = row.step();
  if (!next) return next.error();
  if (*next == sqlite::Next::End) return Error{ErrorCode::Internal, "the audit head is missing"};
  return Floor{.sequence = row.number<std::uint64_t>(0), .mac = row.array<MacBytes>(1)};
}

Result<std::optional<StoredRecord>> record_at(sqlite::Database& database, std::uint64_t sequence) {
  auto row = database.prepare(
      "SELECT sequence, time, type, user, uid, service, source, method_type, method, reason,"
      " conversation, actor, detail, key, mac FROM audit WHERE sequence = ?1");
  const auto next = row.bind(sequence).step();
  if (!next) return next.error();
  if (*next == sqlite::Next::End) return std::optional<StoredRecord>();
  return std::optional(read_record(row));
}

}  // namespace

Result<std::optional<MacBytes>> mac_at(sqlite::Database& database, std::uint64_t sequence) {
  auto row = database.prepare("SELECT mac FROM audit WHERE sequence = ?1");
  const auto next = row.bind(sequence).step();
  if (!next) return next.error();
  if (*next == sqlite::Next::End) return std::optional<MacBytes>();
  return std::optional(row.array<MacBytes>(0));
}

Result<KeyedDigest> audit_mac(KeyRing& keys,
                              std::optional<KeyId> key,
                              const MacBytes& previous,
                              std::uint64_t sequence,
                              const AuditEvent& event,
                              std::vector<std::uint8_t>& scratch) {
  Encoder out(scratch);
  encode(out, previous, sequence, event);
  return key ? keys.digest_with(*key, "audit", scratch) : keys.digest("audit", scratch);
}

Result<KeyedDigest> floor_seal(KeyRing& keys,
                               std::optional<KeyId> key,
                               std::uint64_t sequence,
                               const MacBytes& mac) {
  std::vector<std::uint8_t> data;
  Encoder out(data);
  out.number(sequence);
  out.bytes(mac);
  return key ? keys.digest_with(*key, "audit-floor", data) : keys.digest("audit-floor", data);
}

Result<AuditHead> read_audit_head(sqlite::Database& database) {
  auto row = database.prepare("SELECT sequence, mac, latest_time FROM audit_head WHERE id = 1");
  const auto next = row.step();
  if (!next) return next.error();
  if (*next == sqlite::Next::End) return Error{ErrorCode::Internal, "the audit head is missing"};
  return AuditHead{.sequence = row.number<std::uint64_t>(0),
                   .mac = row.array<MacBytes>(1),
                   .latest_time = row.optional(2, [&row](int column) { return row.time(column); })};
}

Result<std::uint64_t> AuditChain::append(sqlite::Database& database, const AuditEvent& event) {
  const auto sequence = head_.sequence + 1;
  const auto mac = audit_mac(keys_, std::nullopt, head_.mac, sequence, event, scratch_);
  if (!mac) return mac.error();
  const auto id = as_id(event.conversation);
  std::optional<std::span<const std::uint8_t>> method;
  if (event.method_id) method = event.method_id->bytes;

  auto insert = database.prepare(
      "INSERT INTO audit (sequence, time, type, user, uid, service, source, method_type, method,"
      " reason, actor, detail, key, mac, conversation)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");
  insert.bind(sequence, event.time, event.type, event.user, event.uid, event.service, event.source);
  insert.bind(event.method_type, method, event.reason, event.actor, event.detail);
  insert.bind(mac->key, mac->bytes);
  if (id) {
    insert.bind(*id);
  } else {
    insert.bind(event.conversation);
  }
  const auto inserted = insert.execute();
  if (!inserted) return inserted.error();
  head_.sequence = sequence;
  head_.mac = mac->bytes;
  raise_latest_time(event.time);
  return sequence;
}

WallTime AuditChain::raise_latest_time(WallTime now) {
  if (!head_.latest_time || *head_.latest_time < now) head_.latest_time = now;
  return *head_.latest_time;
}

Status AuditChain::follow(sqlite::Database& database) {
  const auto newest = read_audit_head(database);
  if (!newest) return newest.error();
  const bool is_same = newest->sequence == stored_.sequence && newest->mac == stored_.mac;
  if (!is_same) {
    if (auto ours = check_successor(database, *newest); !ours) return ours;
  }
  head_ = stored_ = *newest;
  return Done{};
}

// Whether `newest` can have come after the head that we left. Not the whole way there, which may be
// long: the next verification walks it.
Status AuditChain::check_successor(sqlite::Database& database, const AuditHead& newest) {
  if (newest.sequence <= stored_.sequence) return moved_by_somebody_else();
  const auto floor = read_floor(database);
  if (!floor) return floor.error();
  const auto mac_of = [&](std::uint64_t sequence) -> Result<std::optional<MacBytes>> {
    if (sequence == floor->sequence) return std::optional(floor->mac);
    return mac_at(database, sequence);
  };
  const auto last = mac_of(stored_.sequence);
  if (!last) return last.error();
  const bool is_kept = *last && **last == stored_.mac;
  if (!is_kept && stored_.sequence >= floor->sequence) return moved_by_somebody_else();
  if (newest.sequence == floor->sequence) {
    return newest.mac == floor->mac ? Status(Done{}) : moved_by_somebody_else();
  }
  const auto before = mac_of(newest.sequence - 1);
  if (!before) return before.error();
  const auto record = record_at(database, newest.sequence);
  if (!record) return record.error();
  if (!*before || !*record) return moved_by_somebody_else();
  const auto& found = **record;
  const auto mac =
      audit_mac(keys_, found.key, **before, newest.sequence, found.record.event, scratch_);
  if (!mac) return mac.error();
  return equal_in_constant_time(mac->bytes, newest.mac) ? Status(Done{}) : moved_by_somebody_else();
}

Status AuditChain::store_head(sqlite::Database& database) {
  if (head_ == stored_) return Done{};
  auto update = database.prepare(
      "UPDATE audit_head SET sequence = ?1, mac = ?2, latest_time = ?3"
      " WHERE id = 1 AND sequence = ?4 AND mac = ?5");
  update.bind(head_.sequence, head_.mac, head_.latest_time, stored_.sequence, stored_.mac);
  const auto changed = update.execute();
  if (!changed) return changed.error();
  if (*changed == 1) return Done{};
  return moved_by_somebody_else();
}

StoredRecord read_record(const sqlite::Statement& row) {
  AuditEvent event{
      .time = row.time(1),
      .type = row.named<AuditEventType>(2),
      .user = row.text(3),
      .uid = row.optional(4, [&row](int column) { return row.number<Uid>(column); }),
      .service = row.text(5),
      .source = row.text(6),
      .method_type = row.optional(7, [&row](int column) { return row.named<MethodType>(column); }),
      .method_id = row.optional(
          8, [&row](int column) { return MethodId{row.array<decltype(Ulid::bytes)>(column)}; }),
      .reason = row.named<Reason>(9),
      .conversation = row.is_blob(10) ? hex_encode(row.blob(10)) : row.text(10),
      .actor = row.text(11),
      .detail = row.text(12)};
  return {.record = {.sequence = row.number<std::uint64_t>(0),
                     .event = std::move(event),
                     .mac = row.array<MacBytes>(14)},
          .key = row.number<KeyId>(13)};
}

}  // namespace twinlock
