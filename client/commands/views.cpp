// SPDX-License-Identifier: MIT
#include "client/commands/views.h"

#include <algorithm>

#include "client/text.h"

namespace twinlock::client {
namespace {

using nlohmann::json;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + label(word);
  return text.empty() ? std::string(kNothing) : text;
}

std::string value_as_text(const json& value) {
  if (value.is_null()) return "-";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_string()) return label(value.get<std::string>());
  if (!value.is_array()) return label(value.dump(-1, ' ', false, json::error_handler_t::replace));
  std::vector<std::string> words;
  for (const auto& element : value) words.push_back(value_as_text(element));
  return joined(words);
}

}  // namespace

json methods_as_json(const std::vector<Method>& methods) {
  json array = json::array();
  for (const auto& method : methods) {
    json object = {{"id", method.id},
                   {"type", method.type},
                   {"name", method.name},
                   {"confirmed", method.confirmed != 0},
                   {"created_at", utc_time(method.created)},
                   {"flags", method.flags}};
    if (method.confirmed != 0) object["enrolled_at"] = utc_time(method.confirmed);
    if (method.last_used != 0) object["last_auth_at"] = utc_time(method.last_used);
    array.push_back(std::move(object));
  }
  return array;
}

std::string methods_as_table(const std::vector<Method>& methods, Width width) {
  if (methods.empty()) return "No authentication methods.\n";
  std::vector<std::vector<std::string>> rows;
  rows.reserve(methods.size());
  for (const auto& method : methods) {
    rows.push_back({label(method.id),
                    label(method.type),
                    method.name.empty() ? std::string(kNothing) : label(method.name),
                    utc_minute(method.created),
                    utc_minute(method.last_used),
                    joined(method.flags)});
  }
  return table(
      {{"ID"}, {"TYPE"}, {"NAME"}, {"CREATED (UTC)", 2}, {"LAST USED (UTC)", 1}, {"FLAGS"}},
      rows,
      width);
}

Result<json> parsed_object(std::string_view text) {
  auto object = json::parse(text, nullptr, false);
  if (!object.is_object()) {
    return Error{ErrorCode::Internal, "twinlockd sent something that is not a JSON object."};
  }
  return object;
}

std::string object_as_lines(const json& object,
                            const std::vector<std::string>& order,
                            Width width) {
  std::vector<std::string> keys;
  for (const auto& key : order) {
    if (object.contains(key)) keys.push_back(key);
  }
  for (const auto& [key, value] : object.items()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  std::size_t indent = 0;
  for (const auto& key : keys) indent = std::max(indent, display_width(label(key)) + 2);

  std::string lines;
  for (const auto& key : keys) {
    auto name = label(key);
    std::replace(name.begin(), name.end(), '_', ' ');
    lines += wrapped(padded(name, indent) + value_as_text(object[key]), indent, width) + '\n';
  }
  return lines;
}

Result<Switched> factor_switch(Account& account, std::string_view factor) {
  const auto text = account.status();
  if (!text) return text.error();
  const auto object = parsed_object(*text);
  if (!object) return object.error();
  const auto factors = object->value("factors", json::array());
  const bool is_on = std::find(factors.begin(), factors.end(), json(factor)) != factors.end();
  return is_on ? Switched::On : Switched::Off;
}

Status may_print_secret(const Session& session, bool told) {
  if (told || session.output.is_json() || session.terminal.is_shown()) return Done{};
  return Error{ErrorCode::InvalidInput,
               "Standard output is not a terminal, and a secret would be written there: use "
               "--json, or --print-secrets if that is what you want."};
}

Result<Consent> consent(Session& session, bool yes, std::string_view question) {
  if (yes) return Consent::Given;
  if (session.output.is_json() || !session.terminal.can_ask()) {
    return Error{ErrorCode::InvalidInput,
                 "This cannot be taken back, and nobody is here to be asked: add --yes."};
  }
  if (session.terminal.confirm(question, Terminal::Answer::No) == Terminal::Answer::Yes) {
    return Consent::Given;
  }
  session.output.note("Nothing was changed.");
  return Consent::Withheld;
}

bool is_accepted_by_logins(std::string_view factor) {
  return factor == "otp" || factor == "recovery-code";
}

void show_recovery_codes(Session& session, const std::vector<std::string>& codes) {
  session.output.json({{"codes", codes}});
  std::string text = "\nRecovery codes, each good for one login without your authenticator:\n\n";
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto number = std::to_string(i + 1);
    text += std::string(number.size() < 2 ? 4 : 3, ' ') + number + ".  " + label(codes[i]) + '\n';
  }
  text +=
      "\nKeep them where your authenticator is not. They are not shown again,\n"
      "and codes made earlier no longer work.\n";
  session.output.text(text);
}

bool is_code(std::string_view text) {
  constexpr std::size_t kMaxDigits = 10;  // RFC 4226 §5.3 truncates to 31 bits: ten digits
  return !text.empty() && text.size() <= kMaxDigits &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

Secret without_spaces(const Secret& typed) {
  Secret code(typed.size());
  std::size_t length = 0;
  for (const char c : typed.text()) {
    if (c != ' ') code.bytes()[length++] = static_cast<std::uint8_t>(c);
  }
  return Secret(code.bytes().first(length));
}

}  // namespace twinlock::client
