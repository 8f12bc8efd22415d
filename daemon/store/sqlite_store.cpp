// SPDX-License-Identifier: MIT
#include "daemon/store/sqlite_store.h"

namespace twinlock {

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteStoreOptions& options,
                                                       KeyRing& keys,
                                                       StoreAlertSink alerts) {
  auto files =
      open_files(options.directory, options.creation, OldCopy::Refused, keys, options.seats);
  if (!files) return files.error();
  auto opened = *std::move(files);
  const auto head = prepare(opened, keys);
  if (!head) return head.error();
  auto checkpointing = sqlite::Database::open(opened.path, sqlite::Database::Access::Write);
  if (!checkpointing) return checkpointing.error();

  std::unique_ptr<SqliteStore> store(new SqliteStore(
      options, keys, std::move(alerts), std::move(opened), *std::move(checkpointing), *head));
  store->tell_what_is_amiss(options.directory);
  store->note_key();
  store->occupancy_.settle();
  return store;
}

void SqliteStore::note_key() {
  if (const auto ids = keys_.keys(); !ids.empty()) occupancy_.seals_under(ids.front());
}

Result<AuditHead> SqliteStore::prepare(OpenedFiles& opened, KeyRing& keys) {
  if (opened.occupancy.is_first()) {
    opened.clean_end.remove();
    const auto ready = sqlite::bring_up_to_date(opened.database, keys);
    if (!ready) return Error{ready.error().code, opened.path + ": " + ready.error().detail};
  }
  auto head = read_audit_head(opened.database);
  if (!head) return sqlite::unusable(opened.path, head.error());
  if (opened.occupancy.is_first()) {
    const Epoch epoch{.sequence = head->sequence, .mac = head->mac};
    if (const auto made = opened.epoch.create(keys, epoch); !made) return made.error();
  }
  return head;
}

// The first process tells what is about the files, for all.
void SqliteStore::tell_what_is_amiss(const std::string& directory) {
  if (!occupancy_.is_first()) {
    reserve_.look();
    return;
  }
  if (is_open_to_others(directory)) {
    health_.notice(directory + ": others may look into it; run: chmod 700 " + directory);
  }
  if (!reserve_.ensure()) {
    health_.full(StoreAlert::Full,
                 std::string("its disk has no room for the reserve: logins go on, and the ") +
                     "next full disk denies them. Make room: a minute after " +
                     ReserveFile::kWantedRoom + " are free the reserve is back");
  }
}

SqliteStore::SqliteStore(const SqliteStoreOptions& options,
                         KeyRing& keys,
                         StoreAlertSink alerts,
                         OpenedFiles files,
                         sqlite::Database checkpointing,
                         AuditHead head)
    : occupancy_(std::move(files.occupancy)),
      keys_(keys),
      audit_lifetime_(options.audit_lifetime),
      health_(files.path, std::move(alerts)),
      closing_note_{occupancy_, std::move(files.clean_end), keys, health_},
      reserve_(files.directory + "/reserve", options.reserve_size),
      writer_({.database = std::move(files.database),
               .checkpointing = std::move(checkpointing),
               .head = head,
               .epoch = std::move(files.epoch),
               .keys = keys,
               .health = health_,
               .reserve = reserve_,
               .turn = WriteTurn(occupancy_.file()),
               .deadline = options.deadline}),
      readers_(files.path, options.deadline) {}

}  // namespace twinlock
