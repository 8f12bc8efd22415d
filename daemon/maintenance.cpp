// SPDX-License-Identifier: MIT
#include "daemon/maintenance.h"

#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>
#include <vector>

#include "common/counted.h"
#include "daemon/report.h"
#include "daemon/store/key_uses.h"
#include "daemon/store/restore.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/system/credential_key_ring.h"
#include "daemon/system/effective_user.h"
#include "daemon/system/guarded_path.h"
#include "daemon/system/key_file.h"
#include "daemon/system/process_hardening.h"
#include "daemon/system/system_clock.h"
#include "daemon/workplace.h"

namespace twinlock {
namespace {

constexpr const char* kActor = "uid 0 by twinlockd accept-restored-store";

// The keys of the file, and what the store needs each of them for.
struct Keys {
  std::string file;
  std::vector<KeyId> ids;  // the last one is current
  KeyUses uses;

  [[nodiscard]] std::string uses_of(KeyId id) const {
    const auto found = uses.of.find(id);
    return found == uses.of.end() ? "" : text_of(found->second);
  }
};

Result<Keys> look_at_keys(const Settings& settings, LockFile::Missing lock, ExitCode& exit) {
  exit = ExitCode::KeyUnusable;
  const auto file = find_key_file(settings);
  if (!file) return file.error();
  const auto ids = key_ids(*file);
  if (!ids) return ids.error();
  exit = ExitCode::StoreUnusable;
  const auto directory = find_store(settings, *file);
  if (!directory) return directory.error();
  // As the store's owner: what SQLite makes beside a store must not be root's.
  const EffectiveUser owner(*directory);
  if (!owner.status()) return owner.status().error();
  auto uses = read_key_uses(*directory, CredentialKeyRing::key_named_by, lock);
  if (!uses) return uses.error();
  return Keys{.file = *file, .ids = *ids, .uses = *std::move(uses)};
}

// Runs `work` on the store and its keys, with the rights of the store's owner: what is made beside
// it must not be root's.
using StoreWork = std::function<ExitCode(const std::string& directory, KeyRing& keys)>;
ExitCode with_store(const std::string& settings_file, const StoreWork& work) {
  if (const auto hardened = harden_process(); !hardened) {
    return report(ExitCode::Bug, hardened.error());
  }
  const auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());
  const auto key_file = find_key_file(*settings);
  if (!key_file) return report(ExitCode::KeyUnusable, key_file.error());
  const auto keys = open_keys(*key_file);
  if (!keys) return report(ExitCode::KeyUnusable, keys.error());
  const auto directory = find_store(*settings, *key_file);
  if (!directory) return report(ExitCode::StoreUnusable, directory.error());
  if (const auto fits = check_owner(*directory, *key_file); !fits) {
    return report(ExitCode::StoreUnusable, fits.error());
  }
  const EffectiveUser owner(*directory);
  if (!owner.status()) return report(ExitCode::StoreUnusable, owner.status().error());
  return work(*directory, **keys);
}

ExitCode make_store(const std::string& directory, KeyRing& keys) {
  const auto path = directory + "/store.db";
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0 && status.st_size > 0) {
    return report(ExitCode::Refused,
                  {ErrorCode::Conflict, path + ": is there already. Nothing was changed"});
  }
  const auto made = SqliteStore::open({.directory = directory, .seats = {Seat::Command}},
                                      keys,
                                      [](StoreAlert /*alert*/, const std::string& text) {
                                        std::cerr << "twinlockd: " << text << '\n';
                                      });
  if (!made) return report(ExitCode::StoreUnusable, made.error());
  std::cout << path << ": made. Nobody is enrolled yet, and logins need no second factor until "
            << "\"twinlock admin policy set all-applications\".\n";
  return ExitCode::Done;
}

ExitCode take_restored_store(const std::string& directory, KeyRing& keys) {
  const auto now = SystemClock().now();
  if (!now) return report(ExitCode::Bug, now.error());
  const auto restored = accept_restored_store(directory, keys, now->wall, kActor);
  if (!restored) return report(ExitCode::StoreUnusable, restored.error());
  std::cout << directory << ": accepted. Every conversation has ended; from "
            << counted(restored->totp_methods, "TOTP method") << " only codes of now on count. As "
            << "old as the copy, so that codes used since then work again: recovery codes of "
            << counted(restored->recovery_sets, "account") << ", "
            << counted(restored->hotp_methods, "HOTP counter")
            << ". Have their owners make new ones.\n";
  return ExitCode::Done;
}

// Why the key has to stay; empty if it can go.
std::string reason_to_keep(const Keys& keys, KeyId id) {
  const auto name = "key " + std::to_string(id);
  const auto current = keys.ids.back();
  if (id == current) return name + " is the current one";
  const auto reload = [current](const std::string& who) {
    return who + " doesn't seal under key " + std::to_string(current) +
           " yet. A reload makes it: \"systemctl reload twinlockd\"";
  };
  if (keys.uses.sealing != current) return reload("the daemon");
  // What one of them seals under the old key later on would be lost with it.
  for (const auto& daemon : keys.uses.daemons) {
    if (daemon.key != current) return reload(daemon.name);
  }
  const auto uses = keys.uses_of(id);
  if (uses.empty()) return "";
  return name + " is still needed for " + uses +
         ". A reload of the daemon seals seeds anew, users make new recovery codes themselves, and "
         "audit records go with their retention";
}

}  // namespace

ExitCode check_config(const std::string& settings_file) {
  const auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());
  std::cout << settings_file << ": good, with "
            << counted(static_cast<std::int64_t>(settings->rules.size()), "policy rule") << '\n';
  return ExitCode::Done;
}

ExitCode generate_key(const std::string& key_file) {
  const auto now = SystemClock().now();
  if (!now) return report(ExitCode::Bug, now.error());
  const auto file = guarded_path(key_file, PathEnd::Kept);
  if (!file) return report(ExitCode::KeyUnusable, file.error());
  const auto made = create_key_file(*file, now->wall);
  if (!made) return report(ExitCode::KeyUnusable, made.error());
  std::cout << key_file << ": made, with one key. Keep a copy apart from the store's backups: "
            << "without it the store can't be read.\n";
  return ExitCode::Done;
}

ExitCode create_store(const std::string& settings_file) {
  return with_store(settings_file, make_store);
}

ExitCode rotate_key(const std::string& settings_file) {
  const auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());
  const auto now = SystemClock().now();
  if (!now) return report(ExitCode::Bug, now.error());
  const auto file = find_key_file(*settings);
  if (!file) return report(ExitCode::KeyUnusable, file.error());
  const auto id = add_key(*file, now->wall);
  if (!id) return report(ExitCode::KeyUnusable, id.error());
  std::cout << *file << ": key " << *id << " added. \"systemctl reload twinlockd\" starts to use "
            << "it and seals what is under the others anew.\n";
  return ExitCode::Done;
}

ExitCode show_keys(const std::string& settings_file) {
  const auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());
  auto exit = ExitCode::Done;
  const auto keys = look_at_keys(*settings, LockFile::Missing::Refused, exit);
  if (!keys) return report(exit, keys.error());
  exit = ExitCode::Done;
  for (const auto id : keys->ids) {
    const auto uses = keys->uses_of(id);
    std::cout << "key " << id << (id == keys->ids.back() ? ", current: " : ", retired: ")
              << (uses.empty() ? "nothing names it" : uses) << '\n';
  }
  for (const auto& [id, use] : keys->uses.of) {
    if (std::find(keys->ids.begin(), keys->ids.end(), id) != keys->ids.end()) continue;
    std::cout << "key " << id << ", MISSING from " << keys->file << ": " << text_of(use) << '\n';
    exit = ExitCode::KeyUnusable;
  }
  return exit;
}

ExitCode retire_key(const std::string& settings_file, KeyId id) {
  const auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());
  auto exit = ExitCode::Done;
  const auto keys = look_at_keys(*settings, LockFile::Missing::Made, exit);
  if (!keys) return report(exit, keys.error());
  if (const auto reason = reason_to_keep(*keys, id); !reason.empty()) {
    return report(ExitCode::Refused, {ErrorCode::Conflict, reason + ". Nothing was changed"});
  }
  const auto dropped = drop_key(keys->file, id);
  if (!dropped) {
    const bool is_there = dropped.error().code != ErrorCode::NotFound;
    return report(is_there ? ExitCode::KeyUnusable : ExitCode::Refused, dropped.error());
  }
  std::cout << keys->file << ": key " << id << " dropped. \"systemctl reload twinlockd\" makes the "
            << "daemon forget it. Backups of the store from before may need it.\n";
  return ExitCode::Done;
}

ExitCode accept_restored(const std::string& settings_file) {
  return with_store(settings_file, take_restored_store);
}

}  // namespace twinlock
