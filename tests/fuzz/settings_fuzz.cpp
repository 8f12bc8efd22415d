// SPDX-License-Identifier: MIT
//
// twinlock.toml (S147, S150): whatever the file says is either refused with file and line, in text
// that a terminal can show, or within the bounds that the manual promises.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "common/encoding.h"
#include "daemon/settings.h"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

bool is_within(int value, int low, int high) { return value >= low && value <= high; }

bool is_line(const std::string& text, std::size_t limit) {
  return text.size() <= limit && text == twinlock::printable(text, limit);
}

void demand_bounds(const twinlock::Settings& settings) {
  demand(settings.store_directory.starts_with('/'));
  demand(settings.key_file.empty() || settings.key_file.starts_with('/'));
  demand(settings.bus_address.empty() || settings.bus_address.starts_with("unix:"));
  demand(is_line(settings.issuer, 64) && settings.issuer.find(':') == std::string::npos);
  demand(is_within(settings.live_conversations, 1, 1000));
  demand(is_within(settings.conversations_per_hour, 1, 100'000));
  demand(is_within(static_cast<int>(settings.conversation_lifetime.count()), 30, 300));
  demand(is_within(settings.totp_window, 0, 1));
  demand(is_within(settings.calls.root.per_second, 50, 100'000));
  demand(is_within(settings.calls.root.in_flight, 16, 4096));
}

// No rule that was read matches more than it says: names are names, and an exemption says for whom.
void demand_sound_rule(const twinlock::PolicyRule& rule) {
  demand(!rule.name.empty() && is_line(rule.name, 64));
  demand(!twinlock::rule_problem(rule));
  for (const auto& service : rule.services) demand(twinlock::is_service_name(service));
  for (const auto& user : rule.users) demand(twinlock::is_account_name(user));
  for (const auto& group : rule.groups) demand(twinlock::is_account_name(group));
}

void demand_readable(const std::string& detail) {
  demand(!detail.empty());
  std::istringstream lines(detail);
  for (std::string line; std::getline(lines, line);) {
    demand(line.starts_with("t.toml:") && line == twinlock::printable(line, line.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto settings = twinlock::parse_settings(text, "t.toml");
  if (!settings) {
    demand(settings.error().code == twinlock::ErrorCode::InvalidInput);
    demand_readable(settings.error().detail);
    return 0;
  }
  demand_bounds(*settings);
  for (const auto& rule : settings->rules) demand_sound_rule(rule);
  demand(!twinlock::rule_set_problem(settings->rules));
  demand(twinlock::keys_needing_restart(*settings, *settings).empty());
  return 0;
}
