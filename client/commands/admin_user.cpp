// SPDX-License-Identifier: MIT
//
// twinlock admin user: the accounts that have enrolled something.
#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/commands/views.h"
#include "client/text.h"
#include "common/counted.h"

namespace twinlock::client {
namespace {

constexpr std::uint32_t kPage = 1000;  // what ListUsers gives at most

Result<std::vector<User>> all_users(DaemonProxy& daemon) {
  std::vector<User> users;
  for (;;) {
    const auto page = daemon.users(users.empty() ? "" : users.back().name, kPage);
    if (!page) return page.error();
    users.insert(users.end(), page->begin(), page->end());
    if (page->size() < kPage) return users;
  }
}

Reply ask_code(Session& session, std::string_view prompt) {
  auto reply = session.terminal.ask(prompt, Echo::Off);
  if (const auto* typed = std::get_if<Secret>(&reply)) return without_spaces(*typed);
  return reply;
}

// Two codes in a row; nothing if they are not given, or are no codes.
std::optional<std::pair<Secret, Secret>> ask_two_codes(Session& session) {
  auto first = ask_code(session, "Code that the authenticator shows now: ");
  if (std::holds_alternative<NoAnswer>(first)) return std::nullopt;
  auto second = ask_code(session, "The code after that: ");
  if (std::holds_alternative<NoAnswer>(second)) return std::nullopt;
  std::pair codes(std::get<Secret>(std::move(first)), std::get<Secret>(std::move(second)));
  if (!is_code(codes.first.text()) || !is_code(codes.second.text())) return std::nullopt;
  return codes;
}

// Whether there is such a method, before anybody waits for two codes.
Status find_method(Session& session, const AdminUserOptions& options) {
  const auto methods = session.daemon.account(options.user)->methods();
  if (!methods) return methods.error();
  const bool is_there =
      std::any_of(methods->begin(), methods->end(), [&options](const Method& method) {
        // Case doesn't tell ids apart.
        return std::equal(
            method.id.begin(),
            method.id.end(),
            options.id.begin(),
            options.id.end(),
            [](unsigned char a, unsigned char b) { return toupper(a) == toupper(b); });
      });
  if (is_there) return Done{};
  return Error{ErrorCode::NotFound,
               label(options.user) + " has no method " + label(options.id) +
                   "; for those there are: twinlock admin user show " + label(options.user)};
}

// As far as can be told: what isn't known is no reason to say that there was nothing to do.
bool is_locked(Session& session, const std::string& user) {
  const auto text = session.daemon.account(user)->status();
  if (!text) return true;
  const auto status = parsed_object(*text);
  if (!status || !status->contains("hold")) return true;
  return status->value("blocked", false) || !status->at("hold").is_null() ||
         status->value("short_codes_disabled", true);
}

}  // namespace

CommandResult admin_user_list(Session& session) {
  const auto users = all_users(session.daemon);
  if (!users) return users.error();

  auto array = nlohmann::json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& user : *users) {
    array.push_back(
        {{"user", user.name}, {"uid", user.uid}, {"methods", user.methods}, {"state", user.state}});
    rows.push_back({label(user.name),
                    std::to_string(user.uid),
                    std::to_string(user.methods),
                    label(user.state)});
  }
  session.output.json(array);
  if (rows.empty()) {
    session.output.note("No account has enrolled anything.");
  } else {
    session.output.text(
        table({{"USER"}, {"UID", 1}, {"METHODS"}, {"STATE"}}, rows, session.terminal.columns()));
  }
  return ExitStatus::Done;
}

CommandResult admin_user_show(Session& session, const AdminUserOptions& options) {
  const auto account = session.daemon.account(options.user);
  const auto text = account->status();
  if (!text) return text.error();
  auto object = parsed_object(*text);
  if (!object) return object.error();
  const auto methods = account->methods();
  if (!methods) return methods.error();

  const auto width = session.terminal.columns();
  session.output.text(
      object_as_lines(*object, {"account", "uid", "gone", "policy", "required"}, width) + '\n' +
      methods_as_table(*methods, width));
  auto shown = *std::move(object);
  shown["methods"] = methods_as_json(*methods);
  session.output.json(shown);
  return ExitStatus::Done;
}

CommandResult admin_user_reset(Session& session, const AdminUserOptions& options) {
  const auto given = consent(
      session, options.yes, "Remove every authentication method of " + label(options.user) + "?");
  if (!given) return given.error();
  if (*given == Consent::Withheld) return ExitStatus::Refused;
  const auto removed = session.daemon.reset_user(options.user);
  if (!removed) return removed.error();

  session.output.json({{"user", options.user}, {"removed", *removed}});
  session.output.text("Removed " + counted(*removed, "method") + " of " + label(options.user) +
                      ".\n");
  return ExitStatus::Done;
}

CommandResult admin_user_unlock(Session& session, const AdminUserOptions& options) {
  const bool was_locked = is_locked(session, options.user);
  const auto unlocked = session.daemon.unlock_user(options.user);
  if (!unlocked) return unlocked.error();

  session.output.json({{"user", options.user}, {"unlocked", true}});
  session.output.text(label(options.user) +
                      (was_locked ? " may try again.\n"
                                  : ": no code was on hold; wrong ones so far are forgotten.\n"));
  return ExitStatus::Done;
}

CommandResult admin_user_resync(Session& session, const AdminUserOptions& options) {
  if (const auto there = find_method(session, options); !there) return there.error();
  const auto codes = ask_two_codes(session);
  if (!codes) {
    return Error{ErrorCode::InvalidInput,
                 "Two codes in a row are needed, digits only, a line each."};
  }
  const auto found =
      session.daemon.resynchronize(options.user, options.id, codes->first, codes->second);
  if (!found) return found.error();
  if (*found == Confirmation::WrongCode) {
    session.output.error("wrong-code", "These two codes do not follow each other here.");
    return ExitStatus::Refused;
  }
  session.output.json({{"id", options.id}, {"resynchronized", true}});
  session.output.text("The authenticator counts as we do again.\n");
  return ExitStatus::Done;
}

}  // namespace twinlock::client
