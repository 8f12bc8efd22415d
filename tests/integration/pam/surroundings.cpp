// SPDX-License-Identifier: MIT
#include "tests/integration/pam/surroundings.h"

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iterator>
#include <system_error>

namespace twinlock::test {
namespace {

std::size_t entries(const char* directory) {
  const std::filesystem::directory_iterator all(directory);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

Surroundings look_around() {
  Surroundings now;
  for (int fd = 0; fd < 256; ++fd) {
    std::error_code none;
    const auto name = "/proc/self/fd/" + std::to_string(fd);
    const auto target = std::filesystem::read_symlink(name, none);
    if (!none) now.descriptors[name] = target.string();
  }
  for (char** variable = environ; *variable != nullptr; ++variable) {
    now.environment.emplace_back(*variable);
  }
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    now.handlers.push_back(reinterpret_cast<void*>(action.sa_handler));
  }
  now.directory = std::filesystem::current_path().string();
  now.mask = umask(0);
  umask(now.mask);
  now.threads = entries("/proc/self/task");
  sigset_t blocked{};
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  for (int signal = 1; signal < NSIG; ++signal) {
    if (sigismember(&blocked, signal) == 1) now.blocked.push_back(signal);
  }
  return now;
}

}  // namespace twinlock::test
