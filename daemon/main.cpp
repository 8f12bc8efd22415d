// SPDX-License-Identifier: MIT
//
// twinlockd: see twinlockd(8).
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>

#include "daemon/application.h"
#include "daemon/maintenance.h"

namespace twinlock {
namespace {

// What was wrong with the arguments, and what there is instead.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto chosen = app.get_subcommands();
  if (!chosen.empty()) {
    return error.what() + (". See twinlockd " + chosen.front()->get_name() + " --help.");
  }
  std::string commands;
  for (const auto* command : app.get_subcommands([](const CLI::App* /*any*/) { return true; })) {
    commands += (commands.empty() ? "" : ", ") + command->get_name();
  }
  const auto rest = app.remaining();
  return (rest.empty() ? "a command is needed" : "there is no command \"" + rest.front() + '"') +
         "; allowed: " + commands + ". See twinlockd --help.";
}

ExitCode run(int argc, char** argv) {
  CLI::App app("twinlockd: the second factor's daemon. twinlockd(8) has more.", "twinlockd");
  app.set_version_flag("--version", std::string("twinlockd ") + kVersion);
  app.require_subcommand(1);
  std::string settings_file = kDefaultSettingsFile;
  std::string key_file;
  KeyId key_id = 0;
  Interfaces interfaces;
  auto exit = ExitCode::Done;

  const auto command = [&](const char* name, const char* help, auto action) {
    auto* added = app.add_subcommand(name, help);
    added->callback([&exit, action] { exit = action(); });
    return added;
  };
  const auto with_config = [&](CLI::App* added) {
    added->add_option("--config", settings_file, "Read this file")->capture_default_str();
    return added;
  };

  auto* serving = with_config(command(
      "serve", "Answer calls until a signal", [&] { return serve(settings_file, interfaces); }));
  serving->add_flag("--bus", interfaces.bus, "Serve the system bus and nothing else");
  serving->add_flag("--http", interfaces.http, "Serve REST and pages; with --bus, both");
  with_config(command("check-config", "Say whether the settings are good", [&] {
    return check_config(settings_file);
  }));
  command(
      "generate-key", "Make a file with a new master key", [&] { return generate_key(key_file); })
      ->add_option("FILE", key_file, "Where; must not be there yet")
      ->required();
  with_config(command("create-store", "Make an empty store, on a machine that never had one", [&] {
    return create_store(settings_file);
  }));
  with_config(command("rotate-key", "Add a new master key, current from the next reload on", [&] {
    return rotate_key(settings_file);
  }));
  with_config(command("list-keys", "Say which master keys there are, and what needs them", [&] {
    return show_keys(settings_file);
  }));
  with_config(command("drop-key",
                      "Take out a retired master key that nothing names",
                      [&] { return retire_key(settings_file, key_id); }))
      ->add_option("ID", key_id, "The key's number, as list-keys has it")
      ->required();
  with_config(command("accept-restored-store", "Take a store that was put back from a copy", [&] {
    return accept_restored(settings_file);
  }));

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    app.exit(help_or_version);
    return ExitCode::Done;
  } catch (const CLI::ParseError& error) {
    std::cerr << "twinlockd: " << usage_error(app, error) << '\n';
    return ExitCode::Usage;
  }
  return exit;
}

}  // namespace
}  // namespace twinlock

int main(int argc, char** argv) {
  try {
    return static_cast<int>(twinlock::run(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "twinlockd: " << error.what() << '\n';
    return static_cast<int>(twinlock::ExitCode::Bug);
  }
}
