// SPDX-License-Identifier: MIT
//
// The command table of `twinlock`: which commands there are, what they take, and how they end. The
// only file that knows CLI11. twinlock(1), the completions and tests/lint/check_man_pages.py
// repeat what stands here.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <clocale>
#include <csignal>
#include <exception>
#include <functional>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

#include "client/argument_checks.h"
#include "client/commands/commands.h"
#include "client/exit_status.h"
#include "client/session.h"
#include "client/text.h"
#include "common/encoding.h"

namespace {

using namespace twinlock::client;  // NOLINT(google-build-using-namespace): the program's own
using twinlock::is_utf8;

// What was typed.
struct CommandLine {
  bool json = false;
  std::string bus;

  EnrollOptions totp{.type = "totp", .user = {}, .name = {}};
  EnrollOptions hotp{.type = "hotp", .user = {}, .name = {}};
  ListOptions list;
  RemoveOptions remove;
  RenameOptions rename;
  RecoveryCodesOptions recovery_codes;
  StatusOptions status;
  AdminUserOptions admin_user;
  std::string admin_policy;
  std::string admin_factor;
  AdminClientOptions admin_client;
  AdminLogOptions admin_log;

  std::function<CommandResult(Session&)> command;
};

using Command = std::function<CommandResult(Session&)>;

constexpr unsigned kMostRecords = 1000;  // of the log, in one answer
constexpr unsigned kShortestTokenLife = 300;
constexpr unsigned kLongestTokenLife = 30 * 24 * 3600;

CLI::App* add_command(
    CLI::App& parent, CommandLine& line, const char* name, const char* what, Command command) {
  auto* added = parent.add_subcommand(name, what);
  added->callback([&line, added, run = std::move(command)] {
    // A command's own callback comes after those of the commands beneath it, which go first.
    if (added->get_subcommands().empty()) line.command = run;
  });
  return added;
}

void add_user(CLI::App& command, std::string& user) {
  command.add_option("--user", user, "Act on the account USER instead of your own (root)")
      ->check(names_an_account)
      ->type_name("USER");
}

void add_yes(CLI::App& command, bool& yes) {
  command.add_flag("--yes", yes, "Do not ask before what cannot be taken back");
}

void add_print_secrets(CLI::App& command, bool& print) {
  command.add_flag(
      "--print-secrets", print, "Write secrets to standard output even if it is no terminal");
}

CLI::App* add_otp(CLI::App& parent, CommandLine& line, EnrollOptions& options, const char* what) {
  auto* otp = add_command(parent, line, options.type.c_str(), what, [&options](Session& session) {
    return enroll(session, options);
  });
  otp->add_option("--name", options.name, "What to call it in lists")->type_name("NAME");
  otp->add_option("--algorithm", options.algorithm, "sha1 (default), sha256 or sha512")
      ->check(one_of({"sha1", "sha256", "sha512"}))
      ->type_name("ALGORITHM");
  otp->add_option("--digits", options.digits, "Length of a code: 6 (default) or 8")
      ->check(one_of({"6", "8"}))
      ->type_name("DIGITS");
  otp->add_flag("--clear", options.clear, "Clear screen and scroll-back once confirmed");
  add_print_secrets(*otp, options.print_secrets);
  add_user(*otp, options.user);
  return otp;
}

void add_enroll(CLI::App& app, CommandLine& line) {
  auto* group = app.add_subcommand("enroll", "Enroll an authenticator");
  group->require_subcommand(1);
  auto* totp = add_otp(*group, line, line.totp, "An app that shows a new code every 30 seconds");
  totp->add_option("--period", line.totp.period, "Seconds that a code lasts: 30 (default) or 60")
      ->check(one_of({"30", "60"}))
      ->type_name("SECONDS");
  add_otp(*group, line, line.hotp, "An app or token that shows a new code at each press");
}

void add_own_methods(CLI::App& app, CommandLine& line) {
  auto* all = add_command(app, line, "list", "List authentication methods", [&line](Session& s) {
    return list(s, line.list);
  });
  add_user(*all, line.list.user);

  auto* removal = add_command(app, line, "remove", "Remove a method", [&line](Session& s) {
    return remove(s, line.remove);
  });
  removal->add_option("id", line.remove.id, "The method's id, from list")->required();
  add_yes(*removal, line.remove.yes);
  add_user(*removal, line.remove.user);

  auto* renaming = add_command(app, line, "rename", "Give a method a name", [&line](Session& s) {
    return rename(s, line.rename);
  });
  renaming->add_option("id", line.rename.id, "The method's id, from list")->required();
  renaming->add_option("name", line.rename.name, "The new name")->required();
  add_user(*renaming, line.rename.user);
}

void add_recovery_codes(CLI::App& app, CommandLine& line) {
  auto* codes = add_command(
      app, line, "recovery-codes", "Make a new set of recovery codes", [&line](Session& s) {
        return recovery_codes(s, line.recovery_codes);
      });
  codes->add_option("--output", line.recovery_codes.file, "Write them to the new file FILE instead")
      ->type_name("FILE");
  add_yes(*codes, line.recovery_codes.yes);
  add_print_secrets(*codes, line.recovery_codes.print_secrets);
  add_user(*codes, line.recovery_codes.user);
}

void add_test_and_status(CLI::App& app, CommandLine& line) {
  add_command(app, line, "test", "Try a code: asks and judges as a login does", test);
  auto* state =
      add_command(app, line, "status", "Show what a login needs and has", [&line](Session& s) {
        return status(s, line.status);
      });
  add_user(*state, line.status.user);
}

using AdminUserCommand = CommandResult (*)(Session&, const AdminUserOptions&);

CLI::App* add_admin_user(
    CLI::App& group, CommandLine& line, const char* name, const char* what, AdminUserCommand run) {
  auto* command = add_command(
      group, line, name, what, [&line, run](Session& s) { return run(s, line.admin_user); });
  command->add_option("user", line.admin_user.user, "The account")
      ->required()
      ->check(names_an_account);
  return command;
}

void add_admin_users(CLI::App& admin, CommandLine& line) {
  auto* group = admin.add_subcommand("user", "Accounts with authentication methods");
  group->require_subcommand(1);
  add_command(*group, line, "list", "List them", admin_user_list);
  add_admin_user(*group, line, "show", "Show one, with its methods", admin_user_show);
  auto* reset = add_admin_user(*group, line, "reset", "Remove all its methods", admin_user_reset);
  add_yes(*reset, line.admin_user.yes);
  add_admin_user(*group, line, "unlock", "Forget its failed attempts", admin_user_unlock);
  auto* resync = add_admin_user(
      *group, line, "resync", "Find its authenticator's clock or counter", admin_user_resync);
  resync->add_option("id", line.admin_user.id, "The method's id, from show")->required();
}

void add_admin_policy(CLI::App& admin, CommandLine& line) {
  auto* group =
      add_command(admin, line, "policy", "Whether logins need a second factor", admin_policy_show);
  group->require_subcommand(0, 1);
  add_command(*group, line, "show", "Show the policy", admin_policy_show);
  auto* set = add_command(*group, line, "set", "Change the policy", [&line](Session& s) {
    return admin_policy_set(s, line.admin_policy);
  });
  set->add_option("policy", line.admin_policy, "all-applications, confidence-score or none")
      ->required()
      ->check(one_of({"all-applications", "confidence-score", "none"}));
}

void add_admin_factor(CLI::App& admin, CommandLine& line) {
  auto* group = add_command(
      admin, line, "factor", "Kinds of authenticator that are accepted", admin_factor_list);
  group->require_subcommand(0, 1);
  add_command(*group, line, "list", "List the factors", admin_factor_list);
  for (const bool enabled : {true, false}) {
    auto* set = add_command(
        *group,
        line,
        enabled ? "enable" : "disable",
        enabled ? "Switch a factor on" : "Switch a factor off",
        [&line, enabled](Session& s) { return admin_factor_set(s, line.admin_factor, enabled); });
    set->add_option(
           "name", line.admin_factor, "As \"admin factor list\" has it: otp, recovery-code, ...")
        ->required();
  }
}

// An empty value, of a variable that wasn't set, would mean "anywhere" or "everybody".
const CLI::Validator kSomething(
    [](std::string& text) {
      return text.empty() ? std::string("is empty; leave the option out to set no bound") : "";
    },
    "");

void add_admin_client_creation(CLI::App& group, CommandLine& line) {
  auto& options = line.admin_client;
  auto* create =
      add_command(group, line, "create", "Make one, and its secret", [&line](Session& s) {
        return admin_client_create(s, line.admin_client);
      });
  create->add_option("name", options.name, "What to call it in lists")->required();
  create->add_option("--scope", options.scopes, "What it may: full, or scopes between commas")
      ->required()
      ->delimiter(',')
      ->type_name("SCOPE");
  create
      ->add_option("--network", options.networks, "From where its tokens count (default: anywhere)")
      ->delimiter(',')
      ->check(kSomething)
      ->type_name("NETWORK");
  create
      ->add_option("--group", options.groups, "Whose members it may see and change (default: all)")
      ->delimiter(',')
      ->check(kSomething)
      ->type_name("GROUP");
  create
      ->add_option(
          "--users", options.users, "Whom it may see and change, as in web-* (default: all)")
      ->check(kSomething)
      ->type_name("PATTERN");
  create
      ->add_option("--public-key",
                   options.public_key_file,
                   "It signs with this key (PEM) instead of having a secret")
      ->type_name("FILE");
  create
      ->add_option(
          "--token-life", options.token_lifetime, "Seconds that a token counts for (default 86400)")
      ->check(number_from(kShortestTokenLife, kLongestTokenLife))
      ->type_name("SECONDS");
  add_print_secrets(*create, options.print_secrets);
}

void add_admin_clients(CLI::App& admin, CommandLine& line) {
  auto* group =
      add_command(admin, line, "client", "Clients of the management API", admin_client_list);
  group->require_subcommand(0, 1);
  add_command(*group, line, "list", "List them", admin_client_list);
  add_admin_client_creation(*group, line);
  auto* rotate = add_command(*group, line, "rotate", "Give one a new secret", [&line](Session& s) {
    return admin_client_rotate(s, line.admin_client);
  });
  auto* removal = add_command(*group, line, "delete", "Delete one", [&line](Session& s) {
    return admin_client_delete(s, line.admin_client);
  });
  for (auto* command : {rotate, removal}) {
    command->add_option("id", line.admin_client.id, "The client's id or name, from list")
        ->required();
    add_yes(*command, line.admin_client.yes);
  }
  add_print_secrets(*rotate, line.admin_client.print_secrets);
}

void add_admin_log(CLI::App& admin, CommandLine& line) {
  auto* log = add_command(admin, line, "log", "Show the audit log", [&line](Session& s) {
    return admin_log(s, line.admin_log);
  });
  log->require_subcommand(0, 1);
  log->add_flag("--follow", line.admin_log.follow, "Go on showing records until Ctrl-C");
  log->add_option("--user", line.admin_log.user, "Only records of the account USER")
      ->check(names_an_account)
      ->type_name("USER");
  log->add_option("--limit", line.admin_log.limit, "How many records, newest (default 50)")
      ->check(number_from(1, kMostRecords))
      ->type_name("NUMBER");
  add_command(*log, line, "verify", "Check the audit log's chain", admin_log_verify);
}

void add_admin(CLI::App& app, CommandLine& line) {
  auto* admin = app.add_subcommand("admin", "Administration (root; for others see twinlockd(8))");
  admin->require_subcommand(1);
  add_admin_users(*admin, line);
  add_admin_policy(*admin, line);
  add_admin_factor(*admin, line);
  add_admin_clients(*admin, line);
  add_admin_log(*admin, line);
  add_command(*admin, line, "status", "Show how the daemon is", admin_status);
}

void add_all(CLI::App& app, CommandLine& line) {
  app.fallthrough();  // global options may stand behind the command
  app.footer("With every command: --json and --bus ADDRESS, as twinlock --help explains them.");
  app.require_subcommand(1);
  app.add_flag("--json", line.json, "Results and errors as JSON, one value a line");
  app.add_option("--bus", line.bus, "Address of the bus to use instead of the system bus")
      ->type_name("ADDRESS");
  app.set_version_flag("--version", "twinlock " TWINLOCK_VERSION, "Show the version");
  add_enroll(app, line);
  add_own_methods(app, line);
  add_recovery_codes(app, line);
  add_test_and_status(app, line);
  add_admin(app, line);
  app.footer("");  // each command has it by now; here they are listed
}

// The commands beneath `app`, as a list for people.
std::string names_of_commands(const CLI::App& app) {
  std::string names;
  for (const auto* command : app.get_subcommands([](const CLI::App* /*any*/) { return true; })) {
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  return names;
}

// What was wrong with the arguments, and what there is instead.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* at = &app;
  std::string path = app.get_name();
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    path += " " + at->get_name();
  }
  const auto rest = app.remaining(true);
  const auto commands = names_of_commands(*at);
  std::string wrong = error.what();
  const bool missing = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
  const bool unknown =
      missing || error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  if (unknown && !commands.empty() && !rest.empty() && !rest.front().starts_with('-')) {
    wrong = "No command \"" + as_typed(rest.front()) + "\" in " + path + "; there are: " + commands;
  } else if (unknown && !missing && !rest.empty()) {
    wrong = "Not expected here: \"" + as_typed(rest.front()) + '"';
  } else if (missing && rest.empty() && at->get_require_subcommand_min() > 0) {
    wrong = path + " needs a command: " + commands;
  }
  return wrong + ". See " + path + " --help.";
}

CommandResult connect_and_run(const CommandLine& line, Terminal& terminal, Output& output) {
  const auto daemon = DaemonProxy::connect(line.bus);
  if (!daemon) return daemon.error();
  Session session{**daemon, terminal, output};
  return line.command(session);
}

ExitStatus run(const CommandLine& line, Terminal& terminal, Output& output) {
  const auto result = connect_and_run(line, terminal, output);
  if (!result) {
    output.error(error_word(result.error().code), result.error().detail);
    return exit_status(result.error().code);
  }
  if (output.flush()) return *result;
  output.error("unavailable", "Standard output could not be written.");
  return ExitStatus::Unavailable;
}

// Ends as the signal would have ended us, so that a shell's loop stops too.
void die_of(int signal) {
  // Where either fails, our status has to say it.
  (void)::signal(signal, SIG_DFL);
  (void)raise(signal);
}

int main_or_throw(std::span<char*> arguments) {
  // Where the environment names no locale that is here, "C" stays.
  (void)setlocale(LC_ALL, "");
  const auto is = [](std::string_view word) {
    return [word](const char* argument) { return argument == word; };
  };
  Terminal terminal;
  CommandLine line;
  // Known before parsing, since a usage error is said in the form that was asked for.
  const bool json = std::any_of(arguments.begin(), arguments.end(), is("--json"));
  Output output(std::cout, std::cerr, json ? Form::Json : Form::Human, terminal.is_utf8());
  if (!std::all_of(arguments.begin(), arguments.end(), [](const char* a) { return is_utf8(a); })) {
    output.error("usage", "The arguments are not UTF-8, which is all that the bus carries.");
    return static_cast<int>(ExitStatus::BadInput);
  }

  CLI::App app("Second factor for Linux logins", "twinlock");
  add_all(app, line);
  try {
    app.parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const CLI::Success& help_or_version) {
    return app.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    output.error("usage", usage_error(app, error));
    return static_cast<int>(ExitStatus::BadInput);
  }

  const auto status = run(line, terminal, output);
  if (const auto signal = terminal.interrupted_by()) die_of(*signal);
  return static_cast<int>(status);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return main_or_throw({argv, static_cast<std::size_t>(argc)});
  } catch (const std::exception& error) {
    std::cerr << "twinlock: internal error: " << error.what() << '\n';
    return static_cast<int>(ExitStatus::Internal);
  }
}
