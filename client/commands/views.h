// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_COMMANDS_VIEWS_H
#define TWINLOCK_CLIENT_COMMANDS_VIEWS_H

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "client/daemon_proxy.h"
#include "client/session.h"
#include "client/table.h"
#include "common/result.h"

// What several commands show or ask in the same way.
namespace twinlock::client {

// Methods as JSON: the keys are those of an Auth0 authentication method, and `flags`.
[[nodiscard]] nlohmann::json methods_as_json(const std::vector<Method>& methods);
// For people, as wide as `width`; none is said in words.
[[nodiscard]] std::string methods_as_table(const std::vector<Method>& methods, Width width);

// A JSON object that the daemon sent; Internal if it is none.
Result<nlohmann::json> parsed_object(std::string_view text);

// An object as lines "key  value" for people, in the order given; keys not named follow behind.
[[nodiscard]] std::string object_as_lines(const nlohmann::json& object,
                                          const std::vector<std::string>& order,
                                          Width width);

// Whether a secret may go to standard output: to a terminal, as JSON, or where `told` (S157).
[[nodiscard]] Status may_print_secret(const Session& session, bool told);

// Asks before something that can't be taken back. InvalidInput where nobody can be asked: a script
// has to say --yes.
enum class Consent { Withheld, Given };
Result<Consent> consent(Session& session, bool yes, std::string_view question);

// Whether a factor is switched on, as the account's status has it.
enum class Switched { Off, On };
Result<Switched> factor_switch(Account& account, std::string_view factor);

// Whether logins ask for what the factor switches on; others are kept for the management API.
[[nodiscard]] bool is_accepted_by_logins(std::string_view factor);

// The codes, numbered, with what to do with them.
void show_recovery_codes(Session& session, const std::vector<std::string>& codes);

// Whether `text` looks like a code of an authenticator: digits, which alone can travel.
[[nodiscard]] bool is_code(std::string_view text);

// What a person typed without the spaces that apps show between the digits.
[[nodiscard]] Secret without_spaces(const Secret& typed);

}  // namespace twinlock::client

#endif
