// SPDX-License-Identifier: MIT
#include "tests/integration/pam/private_bus.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "tests/unit/pam_module/pam_login.h"

namespace twinlock::test {
namespace {

std::string configuration(const std::string& directory) {
  return R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=)" +
         directory + R"(/socket</listen>
  <auth>EXTERNAL</auth>
  <servicedir>)" +
         directory + R"(/services</servicedir>
  <policy context="default">
    <allow user="*"/> <allow own="*"/>
    <allow send_type="method_call"/> <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/> <allow receive_type="method_return"/>
    <allow receive_type="error"/> <allow receive_type="signal"/>
  </policy>
</busconfig>
)";
}

std::string own_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

pid_t spawn_bus(const std::string& config, int address_fd) {
  const auto config_option = "--config-file=" + config;
  const auto address_option = "--print-address=" + std::to_string(address_fd);
  std::vector<const char*> arguments = {
      "dbus-daemon", config_option.c_str(), "--nofork", address_option.c_str(), nullptr};
  const pid_t test = getpid();
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves no bus behind
  if (getppid() == test) execvp(arguments[0], const_cast<char* const*>(arguments.data()));
  _exit(127);
}

}  // namespace

PrivateBus::PrivateBus(bool activation) {
  const auto config = directory_ / "bus.conf";
  // Other uids connect, too.
  std::filesystem::permissions(directory_.path(), std::filesystem::perms{0755});
  std::filesystem::create_directory(directory_ / "services");
  write_file(config, configuration(directory_.path()));
  if (activation) {
    write_file(directory_ / "services/org.twinlock.Twinlock1.Root.service",
               "[D-BUS Service]\nName=org.twinlock.Twinlock1.Root\nUser=root\nExec=" +
                   own_program() + " --serve " + address() + "\n");
  }
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  pid_ = spawn_bus(config, ends[1]);
  close(ends[1]);
  // The address comes when the bus listens, and not before.
  std::array<char, 256> printed{};
  const auto length = read(ends[0], printed.data(), printed.size());
  close(ends[0]);
  if (pid_ < 0 || length <= 0) throw std::runtime_error("dbus-daemon did not start");
}

PrivateBus::~PrivateBus() { stop(); }

void PrivateBus::stop() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string PrivateBus::address() const { return "unix:path=" + (directory_ / "socket"); }

}  // namespace twinlock::test
