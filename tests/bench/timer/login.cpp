// SPDX-License-Identifier: MIT
#include "tests/bench/timer/login.h"

#include <security/pam_appl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace twinlock::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t nanoseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

// Answers every prompt with the same text, as a login's program would pass on what was typed.
int converse(int count, const pam_message** messages, pam_response** responses, void* answer) {
  auto* const given =
      static_cast<pam_response*>(calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
  if (given == nullptr) return PAM_BUF_ERR;
  for (int i = 0; i < count; ++i) {
    const int style = messages[i]->msg_style;
    if (style != PAM_PROMPT_ECHO_OFF && style != PAM_PROMPT_ECHO_ON) continue;
    given[i].resp = strdup(static_cast<const std::string*>(answer)->c_str());
  }
  *responses = given;
  return PAM_SUCCESS;
}

std::set<std::string> code_files() {
  std::set<std::string> files;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto path = line.find('/');
    const auto permissions = line.find(' ');
    if (path != std::string::npos && line.at(permissions + 3) == 'x') {
      files.insert(line.substr(path));
    }
  }
  return files;
}

void measure_memory(Run& run) {
  run.objects = static_cast<int>(code_files().size());
  std::ifstream rollup("/proc/self/smaps_rollup");
  for (std::string line; std::getline(rollup, line);) {
    std::istringstream words(line);
    std::string key;
    std::int64_t kilobytes = 0;
    words >> key >> kilobytes;
    if (key == "Rss:") run.resident_kb = kilobytes;
    if (key == "Private_Dirty:") run.private_kb = kilobytes;
  }
}

std::string filled(std::string word, const std::string& user) {
  const auto at = word.find("{user}");
  return at == std::string::npos ? word : word.replace(at, 6, user);
}

[[noreturn]] void become_command(const Case& how,
                                 const PoolUser& user,
                                 const std::string& answer,
                                 const std::array<int, 2>& input) {
  std::vector<std::string> words;
  for (const auto& word : how.command) words.push_back(filled(word, user.name));
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  setenv("TWINLOCK_BENCH_ANSWER", answer.c_str(), 1);
  dup2(input[0], STDIN_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);  // our own standard output is the list of runs
  close(input[0]);
  close(input[1]);
  if (how.as_user && (setgid(user.uid) != 0 || setuid(user.uid) != 0)) _exit(126);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

int exit_status(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Run log_in_here(const Case& how,
                const std::string& user,
                const std::string& answer,
                Memory memory) {
  Run run;
  std::string given = answer;
  const pam_conv conversation{converse, &given};
  pam_handle_t* handle = nullptr;

  auto start = Clock::now();
  if (pam_start(how.service.c_str(), user.c_str(), &conversation, &handle) != PAM_SUCCESS) {
    throw std::runtime_error("pam_start failed");
  }
  run.took[0] = nanoseconds_since(start);

  start = Clock::now();
  run.result = pam_authenticate(handle, 0);
  run.took[1] = nanoseconds_since(start);

  if (memory == Memory::Measured) measure_memory(run);
  start = Clock::now();
  pam_end(handle, run.result);
  run.took[2] = nanoseconds_since(start);
  return run;
}

Run log_in_forked(const Case& how, const std::string& user, const std::string& answer) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("pipe failed");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    const Run run = log_in_here(how, user, answer, Memory::Measured);
    _exit(write(ends[1], &run, sizeof run) == sizeof run ? 0 : 1);
  }
  Run run;
  close(ends[1]);
  const bool whole = read(ends[0], &run, sizeof run) == sizeof run;
  close(ends[0]);
  const int status = exit_status(child);
  if (!whole) run.result = status == 0 ? 255 : status;
  return run;
}

Run log_in_by_command(const Case& how, const PoolUser& user, const std::string& answer) {
  std::array<int, 2> input{};
  if (pipe(input.data()) != 0) throw std::runtime_error("pipe failed");
  const auto start = Clock::now();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) become_command(how, user, answer, input);
  close(input[0]);
  const std::string line = answer + "\n";
  const bool told = write(input[1], line.data(), line.size()) > 0;
  close(input[1]);
  Run run;
  run.result = exit_status(child);
  run.took[1] = nanoseconds_since(start);
  if (!told && run.result == 0) run.result = 255;
  return run;
}

std::string mapped_objects() {
  std::string list;
  for (const auto& file : code_files()) list += ' ' + file;
  return list;
}

}  // namespace twinlock::bench
