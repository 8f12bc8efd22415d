// SPDX-License-Identifier: MIT
#include "daemon/store/restore.h"

#include "common/counted.h"
#include "daemon/domain/limits.h"
#include "daemon/store/opening.h"
#include "daemon/store/writer.h"

namespace twinlock {
namespace {

using sqlite::Database;

Result<int> advance_totp(Database& database, WallTime now) {
  // The newest step that may have been accepted by now: the clock's, the authenticator's own
  // offset, and the window.
  auto update = database.prepare(
      "UPDATE method SET last_factor = max(last_factor, ?1 / period + clock_offset + ?2)"
      " WHERE type = ?3 AND seed IS NOT NULL");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  return update.bind(seconds, kTotpWindow, MethodType::Totp).execute();
}

Result<int> count_of(Database& database, MethodType type) {
  auto row = database.prepare("SELECT count(*) FROM method WHERE type = ?1");
  const auto next = row.bind(type).step();
  if (!next) return next.error();
  return row.number<int>(0);
}

Result<RestoredStore> change(Database& database,
                             AuditChain& chain,
                             WallTime now,
                             const Actor& actor) {
  const auto ended = database.prepare("DELETE FROM conversation").execute();
  if (!ended) return ended.error();
  const auto totp = advance_totp(database, now);
  if (!totp) return totp.error();
  const auto sets = count_of(database, MethodType::RecoveryCode);
  if (!sets) return sets.error();
  const auto hotp = count_of(database, MethodType::Hotp);
  if (!hotp) return hotp.error();

  AuditEvent event{};
  event.time = now;
  event.type = AuditEventType::RollbackDetected;
  attribute(event, actor);
  event.detail = "restored store accepted; " + counted(*totp, "TOTP method") +
                 " moved to now; suspect: sets of recovery codes: " + std::to_string(*sets) + ", " +
                 counted(*hotp, "HOTP counter");
  const auto number = chain.append(database, event);
  if (!number) return number.error();
  chain.set_latest_time(now);  // of a clock that ran ahead, too
  const auto stored = chain.store_head(database);
  if (!stored) return stored.error();
  return RestoredStore{.audit_records = *number,
                       .totp_methods = *totp,
                       .recovery_sets = *sets,
                       .hotp_methods = *hotp};
}

}  // namespace

Result<RestoredStore> accept_restored_store(const std::string& directory,
                                            KeyRing& keys,
                                            WallTime now,
                                            const Actor& actor) {
  auto files = open_files(directory, Creation::Refused, OldCopy::Accepted, keys, {Seat::Command});
  if (!files) return files.error();
  auto opened = *std::move(files);
  opened.occupancy.settle();
  auto& database = opened.database;
  if (const auto ready = sqlite::bring_up_to_date(database, keys); !ready) return ready.error();
  if (const auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun.error();
  const auto head = read_audit_head(database);
  if (!head) return head.error();
  AuditChain chain(keys, *head);
  auto changed = change(database, chain, now, actor);
  if (!changed) return changed;
  if (const auto committed = database.run("COMMIT"); !committed) return committed.error();
  const Epoch epoch{.sequence = chain.head().sequence, .mac = chain.head().mac};
  if (const auto made = opened.epoch.create(keys, epoch); !made) return made.error();
  database.checkpoint_on_close(true);
  return changed;
}

}  // namespace twinlock
