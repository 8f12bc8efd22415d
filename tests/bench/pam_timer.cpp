// SPDX-License-Identifier: MIT
//
// pam_timer [--rounds N] [--warm-up N] [--workers N] [--seed N] [--preload LIBRARY]… CASES
//
// Times the logins of a case file (timer/case_file.h). Each run is a process of its own, forked
// from this one, so that modules are loaded as in sudo; each round takes the cases in another
// order. Prints a line for each run, for bench.py to read:
//
//   run CASE WORKER START_NS AUTHENTICATE_NS END_NS RESULT EXPECTED OBJECTS PRIVATE_KB RESIDENT_KB
//
// --workers N   the cases one after the other instead, each by N processes at once, N × rounds
// runs,
//               and a line "elapsed CASE WORKERS SECONDS"
// --preload     load a library first, as a host would that has it already (sshd: libsystemd)
// --here        one run of each case in this process, or with --rounds 0 none: for callgrind and
//               strace, as a difference of the two
// --objects     with --here: also the paths of everything mapped as code, in a line
//               "objects CASE PATH…"
//
// Links libpam and libc only: whatever else is mapped, a module has brought along.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/timer/case_file.h"
#include "tests/bench/timer/code_pool.h"
#include "tests/bench/timer/login.h"

namespace twinlock::bench {
namespace {

struct Arguments {
  std::string cases;
  std::vector<std::string> preload;
  int rounds = 1;
  int warm_up = 0;
  std::size_t workers = 0;
  unsigned int seed = 1;
  bool here = false;
  bool objects = false;
};

Arguments parse(const std::vector<std::string>& words) {
  Arguments parsed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (word == "--here") {
      parsed.here = true;
    } else if (word == "--objects") {
      parsed.objects = true;
    } else if (word.starts_with("--")) {
      const auto& value = words.at(++i);
      if (word == "--rounds") parsed.rounds = std::stoi(value);
      if (word == "--warm-up") parsed.warm_up = std::stoi(value);
      if (word == "--workers") parsed.workers = std::stoul(value);
      if (word == "--seed") parsed.seed = static_cast<unsigned int>(std::stoul(value));
      if (word == "--preload") parsed.preload.push_back(value);
    } else {
      parsed.cases = word;
    }
  }
  if (parsed.cases.empty()) throw std::runtime_error("no case file");
  return parsed;
}

// Who is one of how many: a worker's share of the users.
struct Share {
  std::size_t index = 0;
  std::size_t of = 1;
};

class Timer {
 public:
  explicit Timer(Arguments arguments)
      : arguments_(std::move(arguments)), cases_(read_cases(arguments_.cases)) {
    for (const auto& how : cases_) {
      auto& pool = pools_[how.users];
      if (!pool) pool = std::make_unique<CodePool>(how.users);
    }
  }

  void run() {
    if (arguments_.here) {
      for (const auto& how : cases_) run_here(how);
    } else if (arguments_.workers > 0) {
      for (const auto& how : cases_) run_parallel(how);
    } else {
      run_shuffled();
    }
    for (const auto& [file, pool] : pools_) pool->save();
  }

 private:
  void run_shuffled() {
    std::mt19937 random(arguments_.seed);
    std::vector<const Case*> order;
    for (const auto& how : cases_) order.push_back(&how);
    for (int round = -arguments_.warm_up; round < arguments_.rounds; ++round) {
      std::shuffle(order.begin(), order.end(), random);
      for (const Case* how : order) {
        const Run run = log_in(*how, {});
        if (round >= 0) print(*how, 0, run);
      }
    }
  }

  void run_parallel(const Case& how) {
    // What is left in the buffer would be printed by each child.
    if (fflush(stdout) != 0) throw std::runtime_error("can't print");
    const auto start = std::chrono::steady_clock::now();
    std::vector<pid_t> children;
    for (std::size_t worker = 0; worker < arguments_.workers; ++worker) {
      const pid_t child = fork();
      if (child < 0) throw std::runtime_error("fork failed");
      if (child == 0) {
        for (int round = 0; round < arguments_.rounds; ++round) {
          print(how, worker, log_in(how, {worker, arguments_.workers}));
        }
        _exit(fflush(stdout) == 0 ? 0 : 1);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = 0;
      if (waitpid(child, &status, 0) != child || status != 0) {
        throw std::runtime_error("a worker failed");
      }
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    printf("elapsed\t%s\t%zu\t%.6f\n", how.name.c_str(), arguments_.workers, elapsed.count());
  }

  // Prepares the same whether it logs in or not, so that a difference is the login alone.
  void run_here(const Case& how) {
    const Ticket ticket = ticket_for(how, {});
    const bool counted = arguments_.rounds > 0;
    print(how,
          0,
          counted ? log_in_here(how, ticket.user->name, ticket.code, Memory::Ignored) : Run());
    if (arguments_.objects) printf("objects\t%s\t%s\n", how.name.c_str(), mapped_objects().c_str());
  }

  Run log_in(const Case& how, Share share) {
    for (const auto& [from, to] : how.put_back) {
      std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
    }
    const Ticket ticket = ticket_for(how, share);
    return how.command.empty() ? log_in_forked(how, ticket.user->name, ticket.code)
                               : log_in_by_command(how, *ticket.user, ticket.code);
  }

  Ticket ticket_for(const Case& how, Share share) {
    CodePool& pool = *pools_.at(how.users);
    if (how.answer == "totp") return pool.next_totp(share.index, share.of);
    if (how.answer == "hotp") return pool.next_hotp(share.index, share.of);
    Ticket ticket = pool.present_totp(share.index, share.of);
    if (how.answer == "text") ticket.code = how.text;
    return ticket;
  }

  static void print(const Case& how, std::size_t worker, const Run& run) {
    printf("run\t%s\t%zu\t%ld\t%ld\t%ld\t%d\t%d\t%d\t%ld\t%ld\n",
           how.name.c_str(),
           worker,
           run.took[0],
           run.took[1],
           run.took[2],
           run.result,
           how.expect,
           run.objects,
           run.private_kb,
           run.resident_kb);
  }

  Arguments arguments_;
  std::vector<Case> cases_;
  std::map<std::string, std::unique_ptr<CodePool>> pools_;
};

}  // namespace
}  // namespace twinlock::bench

int main(int argc, char** argv) {
  try {
    auto arguments = twinlock::bench::parse({argv + 1, argv + argc});
    for (const auto& library : arguments.preload) {
      if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
        throw std::runtime_error(dlerror());
      }
    }
    (void)signal(SIGPIPE, SIG_IGN);
    twinlock::bench::Timer(std::move(arguments)).run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "pam_timer: " << error.what() << '\n';
    return 2;
  }
}
