// SPDX-License-Identifier: MIT
#include "tests/integration/client/private_bus.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace twinlock::client {
namespace {

constexpr const char* kConfiguration = R"(<busconfig>
  <type>session</type>
  <listen>unix:path=DIRECTORY/socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
)";

std::string temporary_directory() {
  std::string name = std::filesystem::temp_directory_path() / "twinlock-client-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  return name;
}

// One line of `descriptor`, which says that the bus listens.
std::string first_line(int descriptor) {
  std::string line;
  char c = 0;
  while (read(descriptor, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

}  // namespace

PrivateBus::PrivateBus() : directory_(temporary_directory()) {
  std::string configuration = kConfiguration;
  const std::string placeholder = "DIRECTORY";
  configuration.replace(configuration.find(placeholder), placeholder.size(), directory_);
  std::ofstream(directory_ + "/bus.conf") << configuration;

  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  const std::string file = "--config-file=" + directory_ + "/bus.conf";
  pid_ = fork();
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    // It complains of limits that tests don't need.
    dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    execlp("dbus-daemon", "dbus-daemon", file.c_str(), "--nofork", "--print-address=1", nullptr);
    _exit(127);
  }
  close(ends[1]);
  address_ = first_line(ends[0]);
  close(ends[0]);
  if (address_.empty()) throw std::runtime_error("dbus-daemon did not start");
}

PrivateBus::~PrivateBus() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

}  // namespace twinlock::client
