// SPDX-License-Identifier: MIT
#include "tests/integration/client/command.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace twinlock::client {
namespace {

// Never reached when the command works; ends a test that would hang.
constexpr int kPatienceMs = 30'000;

[[noreturn]] void execute(const char* program,
                          const Arguments& arguments,
                          const Environment& environment) {
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv{const_cast<char*>(program)};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execv(program, argv.data());
  _exit(127);
}

int status_of(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    read_end = ends[0];
    write_end = ends[1];
  }
  int read_end;
  int write_end;
};

// Reads both to their ends, in whatever order they come.
void drain(std::array<std::pair<int, std::string*>, 2> streams) {
  std::array<pollfd, 2> sources{{{streams[0].first, POLLIN, 0}, {streams[1].first, POLLIN, 0}}};
  while (sources[0].fd >= 0 || sources[1].fd >= 0) {
    if (poll(sources.data(), sources.size(), kPatienceMs) <= 0) {
      ADD_FAILURE() << "the command hangs";
      return;
    }
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (sources[i].fd < 0 || sources[i].revents == 0) continue;
      std::array<char, 4096> buffer{};
      const auto count = read(sources[i].fd, buffer.data(), buffer.size());
      if (count <= 0) {
        close(sources[i].fd);
        sources[i].fd = -1;
      } else {
        streams[i].second->append(buffer.data(), static_cast<std::size_t>(count));
      }
    }
  }
}

}  // namespace

Finished run(const Arguments& arguments, std::string_view input, const Environment& environment) {
  const Pipe in;
  const Pipe out;
  const Pipe err;
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(in.read_end, STDIN_FILENO);
    dup2(out.write_end, STDOUT_FILENO);
    dup2(err.write_end, STDERR_FILENO);
    execute(TWINLOCK_COMMAND, arguments, environment);
  }
  for (const int end : {in.read_end, out.write_end, err.write_end}) close(end);
  // All inputs here fit into the pipe; a command that ends without reading them is no failure.
  static_cast<void>(signal(SIGPIPE, SIG_IGN));
  EXPECT_GE(write(in.write_end, input.data(), input.size()), 0);
  close(in.write_end);
  Finished finished{};
  drain({{{out.read_end, &finished.out}, {err.read_end, &finished.err}}});
  finished.status = status_of(pid);
  return finished;
}

TerminalRun::TerminalRun(const Arguments& arguments, const Environment& environment)
    : TerminalRun(TWINLOCK_COMMAND, arguments, environment) {}

TerminalRun TerminalRun::shell() { return {"/bin/sh", {"-i"}, {{"PS1", "ready> "}}}; }

TerminalRun::TerminalRun(const char* program,
                         const Arguments& arguments,
                         const Environment& environment) {
  winsize size{};
  size.ws_col = 100;
  size.ws_row = 60;
  pid_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ == 0) {
    setenv("TERM", "xterm", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    execute(program, arguments, environment);
  }
}

TerminalRun::~TerminalRun() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(terminal_);
}

bool TerminalRun::read_more() {
  pollfd source{terminal_, POLLIN, 0};
  if (poll(&source, 1, kPatienceMs) <= 0) return false;
  std::array<char, 4096> buffer{};
  const auto count = read(terminal_, buffer.data(), buffer.size());
  if (count <= 0) return false;
  screen_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

void TerminalRun::expect(std::string_view text) {
  for (;;) {
    const auto found = screen_.find(text, seen_);
    if (found != std::string::npos) {
      seen_ = found + text.size();
      return;
    }
    if (!read_more()) {
      FAIL() << "never shown: " << text << "\nscreen:\n" << screen_;
    }
  }
}

void TerminalRun::type(std::string_view keys) const {
  ASSERT_EQ(write(terminal_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
}

bool TerminalRun::echoes() const {
  termios state{};
  EXPECT_EQ(tcgetattr(terminal_, &state), 0);
  return (state.c_lflag & static_cast<tcflag_t>(ECHO)) != 0;
}

int TerminalRun::wait() {
  while (read_more()) {
  }
  const int status = status_of(pid_);
  pid_ = -1;
  return status;
}

void TerminalRun::send_signal(int signal) const { ASSERT_EQ(kill(pid_, signal), 0); }

}  // namespace twinlock::client
