// SPDX-License-Identifier: MIT
#include "daemon/settings.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include <toml++/toml.h>

#include "common/encoding.h"
#include "daemon/settings_file.h"

namespace twinlock {
namespace {

constexpr std::size_t kMaxShownBytes = 60;
constexpr std::size_t kMaxShownError = 300;
constexpr std::size_t kMaxRules = 256;

// The name of a TOML type as a person would say it, and the value where it is short.
std::string describe(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return node.as_array()->empty() ? "an empty list" : "a list";
  std::ostringstream out;
  node.visit([&out](const auto& value) {
    if constexpr (toml::is_string<decltype(value)>) {
      out << '"' << escaped(value.get(), kMaxShownBytes) << '"';
    } else if constexpr (toml::is_boolean<decltype(value)>) {
      out << (value.get() ? "true" : "false");
    } else if constexpr (toml::is_floating_point<decltype(value)>) {
      // As it was written: a whole number that isn't an integer looks like one without its point.
      std::ostringstream digits;
      digits << value.get();
      const bool is_whole = digits.str().find_first_not_of("-0123456789") == std::string::npos;
      out << digits.str() << (is_whole ? ".0" : "");
    } else if constexpr (toml::is_value<decltype(value)>) {
      out << value.get();
    }
  });
  return out.str();
}

// Collects everything that is wrong with one file, so that it can be put right in one go.
class Problems {
 public:
  explicit Problems(const std::string& file) : file_(escaped(file, kMaxShownError)) {}

  void add(const toml::source_region& where,
           const std::string& key,
           const std::string& found,
           const std::string& allowed) {
    add_line(where.begin.line, key + ": found " + found + "; allowed: " + allowed);
  }
  void add_line(std::size_t line, const std::string& what) {
    lines_.emplace(line, file_ + ":" + std::to_string(line) + ": " + what);
    ++count_;
  }

  // How many were added so far.
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::string text() const {
    std::string all;
    for (const auto& [line, what] : lines_) all += (all.empty() ? "" : "\n") + what;
    return all;
  }

 private:
  std::string file_;
  std::set<std::pair<std::size_t, std::string>> lines_;  // by line
  std::size_t count_ = 0;
};

// One table of the file. Each read names a key that may stand there; finish() reports the others,
// and what is missing.
class Section {
 public:
  Section(Problems& problems, const toml::table* table, std::string name)
      : problems_(problems), before_(problems.count()), table_(table), name_(std::move(name)) {}

  void integer(const char* key, int low, int high, int& value) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto number = node->value_exact<std::int64_t>();
    if (number && *number >= low && *number <= high) {
      value = static_cast<int>(*number);
    } else {
      wrong(*node, key, "an integer from " + std::to_string(low) + " to " + std::to_string(high));
    }
  }

  void boolean(const char* key, bool& value) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto flag = node->value_exact<bool>();
    if (flag) {
      value = *flag;
    } else {
      wrong(*node, key, "true or false");
    }
  }

  // `is_allowed` decides; `allowed` says the same to the reader.
  template <typename Check>
  void text(const char* key, std::string& value, const char* allowed, Check is_allowed) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto found = node->value_exact<std::string>();
    if (found && is_allowed(*found)) {
      value = *found;
    } else {
      wrong(*node, key, allowed);
    }
  }

  // A list of texts; `add` takes each and says what is allowed if it isn't.
  template <typename Add>
  void list(const char* key, const char* allowed, Add add) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto* array = node->as_array();
    if (array == nullptr) return wrong(*node, key, allowed);
    // It would match everything, which is hardly what its writer meant (S48).
    if (array->empty())
      return wrong(*node, key, std::string(allowed) + ", or no such line for any");
    for (const auto& element : *array) {
      const auto item = element.value_exact<std::string>();
      if (!item) {
        wrong(element, key, allowed);
      } else if (const std::optional<std::string> problem = add(*item)) {
        wrong(element, key, *problem);
      }
    }
  }

  [[nodiscard]] const toml::table* table(const char* key) {
    const auto* node = find(key);
    if (node != nullptr && !node->is_table()) wrong(*node, key, "a table: [" + name_of(key) + "]");
    return node == nullptr ? nullptr : node->as_table();
  }

  // The tables of [[key]].
  [[nodiscard]] std::vector<const toml::table*> tables(const char* key) {
    std::vector<const toml::table*> found;
    const auto* node = find(key);
    if (node == nullptr) return found;
    const auto* array = node->as_array();
    if (array == nullptr || array->size() > kMaxRules ||
        !std::all_of(array->begin(), array->end(), [](const auto& n) { return n.is_table(); })) {
      wrong(*node, key, "up to " + std::to_string(kMaxRules) + " tables: [[" + name_of(key) + "]]");
      return found;
    }
    for (const auto& element : *array) found.push_back(element.as_table());
    return found;
  }

  void require(const char* key, const char* allowed) { required_.emplace_back(key, allowed); }

  // Whether nothing was wrong with it so far.
  [[nodiscard]] bool is_good() const { return problems_.count() == before_; }

  void problem(const std::string& what) {
    problems_.add_line(table_->source().begin.line, name_ + ": " + what);
  }

  void finish() {
    if (table_ == nullptr) return;
    // A key that is missing beside an unknown one is most likely that one, misspelled.
    if (report_unknown() == 0) report_missing();
  }

 private:
  const toml::node* find(const char* key) {
    known_.insert(key);
    return table_ == nullptr ? nullptr : table_->get(key);
  }
  [[nodiscard]] std::string name_of(const std::string& key) const {
    return name_.empty() ? key : name_ + "." + key;
  }
  std::size_t report_unknown() {
    std::string allowed;
    for (const auto& key : known_) allowed += (allowed.empty() ? "" : ", ") + key;
    std::size_t unknown = 0;
    for (const auto& [key, node] : *table_) {
      if (known_.contains(std::string(key.str()))) continue;
      ++unknown;
      problems_.add(node.source(),
                    name_of(escaped(key.str(), kMaxShownBytes)),
                    "an unknown key",
                    (name_.empty() ? "the tables " : "the keys ") + allowed);
    }
    return unknown;
  }
  void report_missing() {
    for (const auto& [key, allowed] : required_) {
      if (!table_->contains(key)) problems_.add(table_->source(), name_of(key), "nothing", allowed);
    }
  }
  void wrong(const toml::node& node, const char* key, const std::string& allowed) {
    problems_.add(node.source(), name_of(key), describe(node), allowed);
  }

  Problems& problems_;
  std::size_t before_;        // how many problems there were before this table
  const toml::table* table_;  // nothing: the file doesn't have it
  std::string name_;
  std::set<std::string> known_;
  std::vector<std::pair<std::string, std::string>> required_;  // key, and what is allowed
};

bool is_absolute_path(const std::string& text) {
  return !text.empty() && text.size() < 4096 && text.front() == '/' && is_printable(text);
}

bool is_line(const std::string& text, std::size_t max_bytes) {
  return text.size() <= max_bytes && is_printable(text);
}

std::optional<std::string> add_name(std::vector<std::string>& names, const std::string& name) {
  if (!is_account_name(name)) return "names of letters, digits and ._@+$-, up to 256";
  names.push_back(name);
  return std::nullopt;
}

std::optional<std::string> add_service(std::vector<std::string>& names, const std::string& name) {
  if (!is_service_name(name)) return "PAM services: names of letters, digits and ._-, up to 64";
  names.push_back(name);
  return std::nullopt;
}

std::optional<std::string> add_network(std::vector<Network>& networks, const std::string& text) {
  const auto network = Network::parse(text);
  if (!network) return network.error().detail;
  networks.push_back(*network);
  return std::nullopt;
}

PolicyRule read_rule(Problems& problems, const toml::table& table) {
  Section section(problems, &table, "policy.rule");
  PolicyRule rule;
  std::string action = "require";
  section.require("name", "a name for the log, as in name = \"backup\"");
  section.require("action", R"("require" or "exempt")");
  section.text("name", rule.name, "1 to 64 bytes of text on one line", [](const auto& text) {
    return !text.empty() && is_line(text, 64);
  });
  section.text("action", action, R"("require" or "exempt")", [](const auto& text) {
    return text == "require" || text == "exempt";
  });
  rule.action = action == "exempt" ? PolicyRule::Action::Exempt : PolicyRule::Action::Require;
  section.list("services", "a list of PAM services, as in [\"sudo\"]", [&rule](const auto& item) {
    return add_service(rule.services, item);
  });
  section.list("users", "a list of account names, as in [\"alice\"]", [&rule](const auto& item) {
    return add_name(rule.users, item);
  });
  section.list("groups", "a list of group names, as in [\"wheel\"]", [&rule](const auto& item) {
    return add_name(rule.groups, item);
  });
  section.list("networks",
               "a list of networks, as in [\"192.0.2.0/24\"]",
               [&rule](const auto& item) { return add_network(rule.networks, item); });
  section.finish();
  if (!section.is_good()) return rule;  // what it would do as read says nothing about what is meant
  if (const auto problem = rule_problem(rule)) section.problem(*problem);
  return rule;
}

void read_rules(Problems& problems, Section& root, Settings& settings) {
  Section policy(problems, root.table("policy"), "policy");
  const auto tables = policy.tables("rule");
  for (const auto* table : tables) {
    auto rule = read_rule(problems, *table);
    for (const auto& other : settings.rules) {
      if (!rule.name.empty() && other.name == rule.name) {
        problems.add(table->source(),
                     "policy.rule.name",
                     "\"" + rule.name + "\" twice",
                     "a different name for each rule, since the log names them");
      }
    }
    settings.rules.push_back(std::move(rule));
  }
  if (policy.is_good()) {
    if (const auto problem = rule_set_problem(settings.rules)) {
      problems.add_line(tables[problem->rule]->source().begin.line,
                        "policy.rule: " + problem->text);
    }
  }
  policy.finish();
}

void read_limits(Problems& problems, Section& root, Settings& settings) {
  Section limits(problems, root.table("limits"), "limits");
  limits.integer("live_conversations_per_user", 1, 1000, settings.live_conversations);
  limits.integer("conversations_per_hour", 1, 100000, settings.conversations_per_hour);
  auto seconds = static_cast<int>(settings.conversation_lifetime.count());
  limits.integer("conversation_seconds", 30, 300, seconds);
  settings.conversation_lifetime = std::chrono::seconds(seconds);
  limits.integer("totp_window", 0, 1, settings.totp_window);
  limits.integer("user_calls_per_second", 1, 1000, settings.calls.user.per_second);
  limits.integer("user_call_burst", 1, 10000, settings.calls.user.burst);
  limits.integer("user_calls_in_flight", 1, 256, settings.calls.user.in_flight);
  limits.integer("root_calls_per_second", 50, 100000, settings.calls.root.per_second);
  limits.integer("root_call_burst", 50, 100000, settings.calls.root.burst);
  limits.integer("root_calls_in_flight", 16, 4096, settings.calls.root.in_flight);
  limits.finish();
}

std::optional<std::string> add_listener(std::vector<http::ListenAddress>& addresses,
                                        const std::string& text) {
  const auto address = http::ListenAddress::parse(text);
  if (!address || address->port == 0) return "an address and a port: 127.0.0.1:8443, [::1]:8443";
  addresses.push_back(*address);
  return std::nullopt;
}

std::optional<std::string> add_origin(std::vector<std::string>& origins, const std::string& text) {
  if (!http::is_origin(text)) {
    return "an origin as browsers send it: https://admin.example.org, never \"*\"";
  }
  origins.push_back(text);
  return std::nullopt;
}

void read_http_limits(Section& section, http::ServerSettings& http) {
  const auto size = [&section](const char* key, int low, int high, std::size_t& value) {
    int number = static_cast<int>(value);
    section.integer(key, low, high, number);
    value = static_cast<std::size_t>(number);
  };
  size("connections", 16, 2048, http.connections);
  size("connections_per_source", 4, 2048, http.connections_per_source);
  size("queued_requests", 16, 1024, http.queued_requests);
  section.integer("requests_per_second", 8, 100000, http.rates.per_second);
  section.integer("request_burst", 40, 100000, http.rates.burst);
}

// What can be wrong though each key is good.
void check_http(Section& section, const http::ServerSettings& http) {
  if (!section.is_good()) return;
  if (http.certificate.empty() != http.key.empty()) {
    section.problem("found a certificate or a key alone; allowed: both, or neither for plain HTTP");
  } else if (const auto exposed = http::exposed_address(http)) {  // S52
    section.problem("found plain HTTP on " + exposed->text() +
                    "; allowed: loopback addresses, or a certificate and a key");
  }
}

void read_http(Problems& problems, Section& root, Settings& settings) {
  const auto* table = root.table("http");
  settings.has_http = table != nullptr;
  auto& http = settings.http;
  Section section(problems, table, "http");
  const auto is_file = [](const auto& text) { return text.empty() || is_absolute_path(text); };
  std::vector<http::ListenAddress> listen;
  section.list("listen",
               "a list of addresses with ports, as in [\"127.0.0.1:8443\"]",
               [&listen](const auto& item) { return add_listener(listen, item); });
  if (!listen.empty()) http.listen = std::move(listen);
  std::string url;
  section.text("public_url",
               url,
               "a URL without a path, as in \"https://auth.example.org\", or \"\"",
               [](const auto& text) { return text.empty() || http::PublicUrl::parse(text); });
  http.public_url = http::PublicUrl::parse(url);
  section.text("certificate", http.certificate, "an absolute path, or \"\"", is_file);
  section.text("key", http.key, "an absolute path, or \"\"", is_file);
  section.list("proxies",
               "a list of networks, as in [\"192.0.2.0/24\"]",
               [&http](const auto& item) { return add_network(http.proxies, item); });
  section.list("cors_origins",
               "a list of origins, as in [\"https://admin.example.org\"]",
               [&http](const auto& item) { return add_origin(http.cors_origins, item); });
  read_http_limits(section, http);
  check_http(section, http);
  section.finish();
}

void read_api(Problems& problems, Section& root, Settings& settings) {
  Section section(problems, root.table("api"), "api");
  std::string secrets = "masked";
  section.text("provider_secrets", secrets, "\"masked\" or \"plain\"", [](const auto& text) {
    return text == "masked" || text == "plain";
  });
  settings.plain_provider_secrets = secrets == "plain";
  section.finish();
}

void read_root(Problems& problems, const toml::table& table, Settings& settings) {
  Section root(problems, &table, "");

  Section store(problems, root.table("store"), "store");
  store.text("directory", settings.store_directory, "an absolute path", is_absolute_path);
  store.finish();

  Section keys(problems, root.table("keys"), "keys");
  keys.text("file", settings.key_file, "an absolute path, or \"\"", [](const auto& text) {
    return text.empty() || is_absolute_path(text);
  });
  keys.finish();

  Section bus(problems, root.table("bus"), "bus");
  bus.text("address",
           settings.bus_address,
           R"(a D-Bus address that starts with "unix:", or "" for the system bus)",
           [](const auto& text) {
             return text.empty() || (text.rfind("unix:", 0) == 0 && is_line(text, 1024));
           });
  bus.finish();

  Section identity(problems, root.table("identity"), "identity");
  identity.text(
      "issuer",
      settings.issuer,
      "up to 64 bytes of text on one line, without a colon",
      [](const auto& text) { return is_line(text, 64) && text.find(':') == std::string::npos; });
  identity.finish();

  read_rules(problems, root, settings);

  Section enrollment(problems, root.table("enrollment"), "enrollment");
  enrollment.boolean("self_service", settings.self_service);
  enrollment.finish();

  Section accounts(problems, root.table("accounts"), "accounts");
  int days = std::chrono::duration_cast<std::chrono::days>(kDeletedAccountLifetime).count();
  accounts.integer("purge_after_days", 0, 3650, days);
  settings.keep_deleted_accounts.reset();
  if (days > 0) settings.keep_deleted_accounts = std::chrono::days(days);
  accounts.finish();

  read_limits(problems, root, settings);
  read_http(problems, root, settings);
  read_api(problems, root, settings);
  root.finish();
}

}  // namespace

Result<Settings> parse_settings(std::string_view text, const std::string& file) {
  Problems problems(file);
  Settings settings;
  try {
    const toml::table table = toml::parse(text, file);
    read_root(problems, table, settings);
  } catch (const toml::parse_error& error) {
    problems.add_line(error.source().begin.line,
                      "not TOML: " + escaped(error.description(), kMaxShownError));
  }
  if (problems.count() > 0) return Error{ErrorCode::InvalidInput, problems.text()};
  return settings;
}

Result<Settings> load_settings(const std::string& file) {
  const auto text = read_settings_file(file);
  return text ? parse_settings(*text, file) : text.error();
}

std::vector<std::string> keys_needing_restart(const Settings& running, const Settings& fresh) {
  std::vector<std::string> keys;
  if (running.store_directory != fresh.store_directory) keys.emplace_back("store.directory");
  if (running.key_file != fresh.key_file) keys.emplace_back("keys.file");
  if (running.bus_address != fresh.bus_address) keys.emplace_back("bus.address");
  if (running.issuer != fresh.issuer) keys.emplace_back("identity.issuer");
  if (running.http.listen != fresh.http.listen) keys.emplace_back("http.listen");
  if (running.plain_provider_secrets != fresh.plain_provider_secrets) {
    keys.emplace_back("api.provider_secrets");
  }
  if (running.http.has_tls() != fresh.http.has_tls()) keys.emplace_back("http.certificate");
  return keys;
}

}  // namespace twinlock
