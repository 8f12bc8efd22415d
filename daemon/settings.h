// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_SETTINGS_H
#define TWINLOCK_DAEMON_SETTINGS_H

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "daemon/dbus/call_gate.h"
#include "daemon/domain/limits.h"
#include "daemon/domain/policy.h"
#include "daemon/http/settings.h"

namespace twinlock {

constexpr const char* kDefaultSettingsFile = "/etc/twinlock/twinlock.toml";

// twinlock.toml, read and checked; config/twinlock.toml explains every key to administrators.
struct Settings {
  std::string store_directory = "/var/lib/twinlock";
  std::string key_file;     // empty: the systemd credential, else /etc/twinlock/master.key
  std::string bus_address;  // empty: the system bus
  std::string issuer;       // empty: the name of this host
  std::vector<PolicyRule> rules;
  bool self_service = true;
  std::optional<std::chrono::hours> keep_deleted_accounts = kDeletedAccountLifetime;
  int live_conversations = kLiveConversations;
  int conversations_per_hour = kConversationsPerHour;
  std::chrono::seconds conversation_lifetime = kConversationLifetime;
  int totp_window = kTotpWindow;
  bool has_http = false;  // the file has a table [http]
  http::ServerSettings http;
  bool plain_provider_secrets = false;  // in answers of the API, for Terraform
  dbus::GateLimits calls{{10, 20, 8}, {500, 1000, 256}};
};

// The settings that `text` (the contents of `file`) spells out. InvalidInput if anything in it is
// wrong: `detail` has one line for each problem, with file, line, key, what was found and what is
// allowed; controls in what was found are spelled out. What would only follow from a problem is
// left out. Nothing is clamped or skipped.
[[nodiscard]] Result<Settings> parse_settings(std::string_view text, const std::string& file);

// The same for a file on disk; Unavailable if it can't be read (read_settings_file()).
[[nodiscard]] Result<Settings> load_settings(const std::string& file);

// The keys in which `fresh` differs from `running` and that only a restart can change.
[[nodiscard]] std::vector<std::string> keys_needing_restart(const Settings& running,
                                                            const Settings& fresh);

}  // namespace twinlock

#endif
