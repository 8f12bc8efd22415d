// SPDX-License-Identifier: MIT
//
// twinlock admin client: who may use the management API.
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/commands/views.h"
#include "client/table.h"
#include "client/text.h"
#include "common/counted.h"
#include "common/encoding.h"

namespace twinlock::client {
namespace {

constexpr std::size_t kLongestKey = 8192;

Result<std::string> read_key(const std::string& file) {
  if (file.empty()) return std::string();
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream.good() && !stream.eof()) {
    return Error{ErrorCode::InvalidInput, "Cannot read the public key in " + file + '.'};
  }
  if (text.empty() || text.size() > kLongestKey || !is_utf8(text)) {
    return Error{ErrorCode::InvalidInput,
                 file + " is no public key in PEM; openssl pkey -in KEY -pubout makes one."};
  }
  return text;
}

// What is told this once.
void show_secret(Session& session, const std::string& id, const std::string& secret) {
  nlohmann::json object{{"client_id", id}};
  if (!secret.empty()) object["client_secret"] = secret;
  session.output.json(object);
  session.output.text("client_id      " + id + '\n');
  if (secret.empty()) return;
  session.output.text("client_secret  " + secret + '\n');
  session.output.note("The secret is not shown again; keep it where the client reads it.");
}

std::string list_of(const nlohmann::json& list, const char* none) {
  std::string text;
  for (const auto& item : list) text += (text.empty() ? "" : ", ") + label(item.get<std::string>());
  return text.empty() ? none : text;
}

// Whose accounts: "everybody", or what narrows it.
std::string users_of(const nlohmann::json& client) {
  auto text = client.value("users", "");
  for (const auto& group : client.at("groups")) {
    text += (text.empty() ? "@" : " @") + group.get<std::string>();
  }
  return text.empty() ? "everybody" : label(text);
}

std::string scopes_of(const nlohmann::json& client) {
  const auto& scopes = client.at("scopes");
  if (scopes.size() == 1) return label(scopes.front().get<std::string>());
  return counted(static_cast<std::int64_t>(scopes.size()), "scope");
}

std::string day_of(const nlohmann::json& time) {
  constexpr std::size_t kDateLength = 10;
  return time.is_string() ? label(time.get<std::string>().substr(0, kDateLength)) : "never";
}

// The id of the client that is called so, by its id or by its name, which no other has. What nobody
// is called stays as it is: the daemon refuses it.
Result<std::string> id_of(Session& session, const std::string& called) {
  const auto clients = session.daemon.api_clients();
  if (!clients) return clients.error();
  std::string found;
  for (const auto& text : *clients) {
    const auto client = parsed_object(text);
    if (!client) return client.error();
    const auto id = client->value("client_id", "");
    if (id == called) return called;
    if (client->value("name", "") == called) found = id;
  }
  return found.empty() ? called : found;
}

}  // namespace

CommandResult admin_client_list(Session& session) {
  const auto clients = session.daemon.api_clients();
  if (!clients) return clients.error();
  auto array = nlohmann::json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& text : *clients) {
    const auto client = parsed_object(text);
    if (!client) return client.error();
    array.push_back(*client);
    rows.push_back({label(client->value("client_id", "")),
                    label(client->value("name", "")),
                    scopes_of(*client),
                    list_of(client->at("networks"), "anywhere"),
                    users_of(*client),
                    day_of(client->value("last_token", nlohmann::json()))});
  }
  session.output.json(array);
  session.output.text(rows.empty()
                          ? std::string("No clients; \"twinlock admin client create\" makes one.\n")
                          : table({{"ID"}, {"NAME"}, {"MAY"}, {"FROM"}, {"USERS"}, {"LAST TOKEN"}},
                                  rows,
                                  session.terminal.columns()));
  return ExitStatus::Done;
}

CommandResult admin_client_create(Session& session, const AdminClientOptions& options) {
  const auto key = read_key(options.public_key_file);
  if (!key) return key.error();
  if (key->empty()) {
    if (const auto may = may_print_secret(session, options.print_secrets); !may) return may.error();
  }
  const auto made = session.daemon.create_api_client({.name = options.name,
                                                      .scopes = options.scopes,
                                                      .networks = options.networks,
                                                      .groups = options.groups,
                                                      .users = options.users,
                                                      .public_key = *key,
                                                      .token_lifetime = options.token_lifetime});
  if (!made) return made.error();
  show_secret(session, made->id, made->secret);
  return ExitStatus::Done;
}

CommandResult admin_client_rotate(Session& session, const AdminClientOptions& options) {
  if (const auto may = may_print_secret(session, options.print_secrets); !may) return may.error();
  const auto given =
      consent(session, options.yes, "End the secret and all tokens of " + label(options.id) + "?");
  if (!given) return given.error();
  if (*given == Consent::Withheld) return ExitStatus::Refused;
  const auto id = id_of(session, options.id);
  if (!id) return id.error();
  const auto secret = session.daemon.rotate_api_client(*id);
  if (!secret) return secret.error();
  show_secret(session, *id, *secret);
  return ExitStatus::Done;
}

CommandResult admin_client_delete(Session& session, const AdminClientOptions& options) {
  const auto given =
      consent(session, options.yes, "Delete " + label(options.id) + " and end its tokens?");
  if (!given) return given.error();
  if (*given == Consent::Withheld) return ExitStatus::Refused;
  const auto id = id_of(session, options.id);
  if (!id) return id.error();
  if (const auto done = session.daemon.delete_api_client(*id); !done) return done.error();
  session.output.json({{"client_id", *id}, {"deleted", true}});
  session.output.text(label(options.id) + " is deleted.\n");
  return ExitStatus::Done;
}

}  // namespace twinlock::client
