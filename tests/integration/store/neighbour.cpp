// SPDX-License-Identifier: MIT
#include "tests/integration/store/neighbour.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace twinlock::testing {

Neighbour::Neighbour(const std::string& directory, const std::string& key_file, const char* seat) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  output_ = ends[0];
  pid_ = fork();
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl(STORE_NEIGHBOUR,
          STORE_NEIGHBOUR,
          directory.c_str(),
          key_file.c_str(),
          seat,
          static_cast<char*>(nullptr));
    _exit(EXIT_FAILURE);
  }
  close(ends[1]);
  while (!ready_) {
    if (!read_some()) throw std::runtime_error("the neighbour did not get the store");
  }
}

Neighbour::~Neighbour() {
  kill();
  close(output_);
}

// False at the end of its output.
bool Neighbour::read_some() {
  std::array<char, 4096> part{};
  const auto size = read(output_, part.data(), part.size());
  if (size <= 0) return false;
  line_.append(part.data(), static_cast<std::size_t>(size));
  for (auto end = line_.find('\n'); end != std::string::npos; end = line_.find('\n')) {
    auto line = line_.substr(0, end);
    line_.erase(0, end + 1);
    if (!std::exchange(ready_, true)) continue;
    records_.push_back(std::move(line));
  }
  return true;
}

void Neighbour::await_records(std::size_t more) {
  const auto wanted = records_.size() + more;
  while (records_.size() < wanted) {
    if (!read_some()) throw std::runtime_error("the neighbour has ended");
  }
}

void Neighbour::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

int Neighbour::end() {
  ::kill(pid_, SIGTERM);
  return wait();
}

// Reads on meanwhile: a full pipe would hold it up.
int Neighbour::wait() {
  while (read_some()) {
  }
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace twinlock::testing
