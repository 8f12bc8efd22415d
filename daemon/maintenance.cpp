// SPDX-License-Identifier: MIT
#include "daemon/maintenance.h"

#include <iostream>

#include "daemon/store/restore.h"
#include "daemon/system/credential_key_ring.h"
#include "daemon/system/key_file.h"
#include "daemon/system/process_hardening.h"
#include "daemon/system/system_clock.h"

namespace twinlock {
namespace {

constexpr const char* kActor = "uid 0 by twinlockd accept-restored-store";

ExitCode report(ExitCode exit, const Error& error) {
  std::cerr << "twinlockd: " << error.detail << '\n';
  return exit;
}

}  // namespace

ExitCode check_config(const std::string& settings_file) {
  const auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());
  std::cout << settings_file << ": good, with " << settings->rules.size() << " policy rules\n";
  return ExitCode::Done;
}

ExitCode generate_key(const std::string& key_file) {
  const auto now = SystemClock().now();
  if (!now) return report(ExitCode::Bug, now.error());
  const auto made = create_key_file(key_file, now->wall);
  if (!made) return report(ExitCode::KeyUnusable, made.error());
  std::cout << key_file << ": made, with one key. Keep a copy apart from the store's backups: "
            << "without it the store can't be read.\n";
  return ExitCode::Done;
}

ExitCode rotate_key(const std::string& settings_file) {
  const auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());
  const auto now = SystemClock().now();
  if (!now) return report(ExitCode::Bug, now.error());
  const auto file = key_file_of(*settings);
  const auto id = add_key(file, now->wall);
  if (!id) return report(ExitCode::KeyUnusable, id.error());
  std::cout << file << ": key " << *id << " added. \"systemctl reload twinlockd\" starts to use "
            << "it and seals what is under the others anew.\n";
  return ExitCode::Done;
}

ExitCode accept_restored(const std::string& settings_file) {
  if (const auto hardened = harden_process(); !hardened) {
    return report(ExitCode::Bug, hardened.error());
  }
  const auto settings = load_settings(settings_file);
  if (!settings) return report(ExitCode::BadSettings, settings.error());
  const auto now = SystemClock().now();
  if (!now) return report(ExitCode::Bug, now.error());
  const auto keys = CredentialKeyRing::open(key_file_of(*settings), [](const std::string& text) {
    std::cerr << "twinlockd: " << text << '\n';
  });
  if (!keys) return report(ExitCode::KeyUnusable, keys.error());
  const auto restored = accept_restored_store(settings->store_directory, **keys, now->wall, kActor);
  if (!restored) return report(ExitCode::StoreUnusable, restored.error());
  std::cout << settings->store_directory << ": accepted. Every conversation has ended; "
            << restored->totp_methods << " TOTP methods accept only codes from now on. "
            << restored->recovery_sets << " sets of recovery codes and " << restored->hotp_methods
            << " HOTP counters are as old as the copy: codes used since then work again. "
            << "Have their owners make new ones.\n";
  return ExitCode::Done;
}

}  // namespace twinlock
