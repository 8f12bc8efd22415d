// SPDX-License-Identifier: MIT
#include "tests/integration/dbus/private_bus.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace twinlock::testing {
namespace {

constexpr const char* kDefaultDeny = R"(
    <deny own="*"/>
    <deny send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus"/>
    <deny send_destination="org.freedesktop.DBus"
          send_interface="org.freedesktop.DBus.Monitoring"/>)";

constexpr const char* kAllowAll = R"(
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>)";

// The shipped policy for a daemon that runs as whoever runs the test; and a polkit beside it.
std::string shipped_policy() {
  auto text = read_file(TWINLOCK_BUS_POLICY);
  const auto uid = std::to_string(getuid());
  for (const std::string user : {"user=\"twinlock\"", "user=\"root\""}) {
    for (auto at = text.find(user); at != std::string::npos; at = text.find(user, at + 1)) {
      text.replace(at, user.size(), "user=\"" + uid + "\"");
    }
  }
  return text.insert(text.find("</busconfig>"),
                     "<policy user=\"" + uid +
                         "\"><allow own=\"org.freedesktop.PolicyKit1\"/>"
                         "<allow send_destination=\"org.freedesktop.PolicyKit1\"/></policy>");
}

}  // namespace

ScratchDirectory::ScratchDirectory() {
  auto pattern = (std::filesystem::temp_directory_path() / "twinlock-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = pattern;
  std::filesystem::permissions(path_, std::filesystem::perms{0711});
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Process::Process(const std::string& program,
                 const std::vector<std::string>& arguments,
                 const std::filesystem::path& log,
                 const std::vector<std::string>& environment)
    : pid_(fork()) {
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // no test leaves a server behind
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::vector<const char*> words{program.c_str()};
  for (const auto& argument : arguments) words.push_back(argument.c_str());
  words.push_back(nullptr);
  for (const auto& entry : environment) putenv(const_cast<char*>(entry.c_str()));
  execvp(program.c_str(), const_cast<char* const*>(words.data()));
  _exit(127);
}

Process::~Process() {
  if (ended_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Process::signal(int number) const { kill(pid_, number); }

int Process::wait() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!ended_) {
    const pid_t got = waitpid(pid_, &status_, WNOHANG);
    if (got == pid_) {
      ended_ = true;
    } else if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("a process doesn't end");
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
}

PrivateBus::PrivateBus(const ScratchDirectory& directory, BusPolicy policy) {
  const auto socket = directory / "bus.socket";
  const auto policies = directory / "system.d";
  std::filesystem::create_directory(policies);
  if (policy == BusPolicy::Shipped) write_file(policies / "twinlock.conf", shipped_policy());
  write_file(directory / "bus.conf",
             "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n"
             " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
             "<busconfig><type>system</type><listen>unix:path=" +
                 socket.string() + "</listen><auth>EXTERNAL</auth>" +
                 R"(<policy context="default"><allow user="*"/>)" +
                 (policy == BusPolicy::Shipped ? kDefaultDeny : kAllowAll) +
                 "</policy><includedir>" + policies.string() + "</includedir></busconfig>\n");
  process_ = std::make_unique<Process>(
      "dbus-daemon",
      std::vector<std::string>{"--nofork", "--config-file=" + (directory / "bus.conf").string()},
      directory / "bus.log");
  while (!std::filesystem::exists(socket)) {
    if (waitpid(process_->pid(), nullptr, WNOHANG) != 0) {
      throw std::runtime_error("dbus-daemon: " + read_file(directory / "bus.log"));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  address_ = "unix:path=" + socket.string();
}

}  // namespace twinlock::testing
