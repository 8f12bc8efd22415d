// SPDX-License-Identifier: MIT
//
// first_answer UID GID PROGRAM ARGUMENT…
//
// Starts a program as that user and prints "answered NS RESIDENT_KB": how long until it answered
// its first call under our bus name, and its memory a moment later. Ends it then.
#include <grp.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "common/login_wire.h"

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kPatience = 60s;
constexpr std::uint64_t kCallTimeout = 5'000'000;  // µs

pid_t start(char** words) {
  const auto uid = static_cast<uid_t>(std::stoul(words[0]));
  const auto gid = static_cast<gid_t>(std::stoul(words[1]));
  const pid_t child = fork();
  if (child != 0) return child;
  if (setgroups(0, nullptr) != 0 || setgid(gid) != 0 || setuid(uid) != 0) _exit(126);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  execv(words[2], words + 2);
  _exit(127);
}

bool answers(sd_bus* bus) {
  sd_bus_message* message = nullptr;
  if (sd_bus_message_new_method_call(bus,
                                     &message,
                                     twinlock::wire::kRootBusName,
                                     twinlock::wire::kObjectPath,
                                     "org.freedesktop.DBus.Peer",
                                     "Ping") < 0) {
    return false;
  }
  sd_bus_message_set_auto_start(message, 0);
  const int result = sd_bus_call(bus, message, kCallTimeout, nullptr, nullptr);
  sd_bus_message_unref(message);
  return result >= 0;
}

long resident_kb(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    std::istringstream words(line);
    std::string key;
    long kilobytes = 0;
    words >> key >> kilobytes;
    if (key == "VmRSS:") return kilobytes;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  sd_bus* bus = nullptr;
  if (argc < 4 || sd_bus_open_system(&bus) < 0) return 2;
  const auto before = Clock::now();
  const pid_t child = start(argv + 1);
  while (!answers(bus)) {
    if (Clock::now() - before > kPatience || waitpid(child, nullptr, WNOHANG) != 0) return 3;
    std::this_thread::sleep_for(200us);
  }
  const auto took = Clock::now() - before;
  std::this_thread::sleep_for(300ms);  // outside of the timing: what a start leaves to be done
  printf("answered\t%ld\t%ld\n", std::chrono::nanoseconds{took}.count(), resident_kb(child));
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
  sd_bus_unref(bus);
  return 0;
}
