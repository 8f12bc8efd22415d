// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_COMMANDS_COMMANDS_H
#define TWINLOCK_CLIENT_COMMANDS_COMMANDS_H

#include <cstdint>
#include <string>
#include <vector>

#include "client/exit_status.h"
#include "client/session.h"
#include "common/result.h"

// The commands, one a file: each asks the daemon, says the result through the session's output, and
// returns what the shell is told. An Error has not been said yet; a status other than Done has.
// `user` is an account that an administrator names, empty for the caller's own.
namespace twinlock::client {

using CommandResult = Result<ExitStatus>;

struct EnrollOptions {
  std::string type;  // "totp" or "hotp"
  std::string user;
  std::string name;
  std::string algorithm = "sha1";  // or "sha256", "sha512"
  std::uint32_t digits = 6;        // or 8
  std::uint32_t period = 30;       // or 60; seconds, totp only
  bool print_secrets = false;      // even where standard output is not a terminal (S157)
  bool clear = false;              // the screen and its scroll-back, once confirmed (S157)
};
CommandResult enroll(Session& session, const EnrollOptions& options);

struct ListOptions {
  std::string user;
};
CommandResult list(Session& session, const ListOptions& options);

struct RemoveOptions {
  std::string user;
  std::string id;
  bool yes = false;
};
CommandResult remove(Session& session, const RemoveOptions& options);

struct RenameOptions {
  std::string user;
  std::string id;
  std::string name;
};
CommandResult rename(Session& session, const RenameOptions& options);

struct RecoveryCodesOptions {
  std::string user;
  std::string file;  // where to write them instead of showing them; must not exist
  bool yes = false;
  bool print_secrets = false;
};
CommandResult recovery_codes(Session& session, const RecoveryCodesOptions& options);

CommandResult test(Session& session);

struct StatusOptions {
  std::string user;
};
CommandResult status(Session& session, const StatusOptions& options);

struct AdminUserOptions {
  std::string user;
  std::string id;  // of a method; resync only
  bool yes = false;
};
CommandResult admin_user_list(Session& session);
CommandResult admin_user_show(Session& session, const AdminUserOptions& options);
CommandResult admin_user_reset(Session& session, const AdminUserOptions& options);
CommandResult admin_user_unlock(Session& session, const AdminUserOptions& options);
CommandResult admin_user_resync(Session& session, const AdminUserOptions& options);

CommandResult admin_policy_show(Session& session);
CommandResult admin_policy_set(Session& session, const std::string& policy);

CommandResult admin_factor_list(Session& session);
CommandResult admin_factor_set(Session& session, const std::string& name, bool enabled);

struct AdminClientOptions {
  std::string id;
  std::string name;
  std::vector<std::string> scopes;
  std::vector<std::string> networks;
  std::vector<std::string> groups;
  std::string users;
  std::string public_key_file;
  std::uint32_t token_lifetime = 24 * 3600;  // seconds
  bool yes = false;
  bool print_secrets = false;
};
CommandResult admin_client_list(Session& session);
CommandResult admin_client_create(Session& session, const AdminClientOptions& options);
CommandResult admin_client_rotate(Session& session, const AdminClientOptions& options);
CommandResult admin_client_delete(Session& session, const AdminClientOptions& options);

struct AdminLogOptions {
  std::string user;
  std::uint32_t limit = 50;  // newest records; at most 1000
  bool follow = false;
};
CommandResult admin_log(Session& session, const AdminLogOptions& options);
CommandResult admin_log_verify(Session& session);

CommandResult admin_status(Session& session);

}  // namespace twinlock::client

#endif
