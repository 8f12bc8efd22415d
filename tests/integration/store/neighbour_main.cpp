// SPDX-License-Identifier: MIT
//
// store_neighbour DIRECTORY KEY_FILE bus|http: a process that uses a store and does nothing but
// write to it, from two threads, for tests of what two processes do to each other. Says "ready",
// then each record that was committed, one line each. SIGTERM ends it in order; anything that the
// store refuses ends it with a reason.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "daemon/store/sqlite_store.h"
#include "daemon/system/credential_key_ring.h"
#include "daemon/system/system_clock.h"

namespace twinlock {
namespace {

using namespace std::chrono_literals;

// One write to the pipe: whole, or not at all.
void say(const std::string& line) {
  const auto text = line + '\n';
  if (write(STDOUT_FILENO, text.data(), text.size()) < 0) _exit(EXIT_FAILURE);
}

[[noreturn]] void give_up(const Error& why) {
  std::cerr << why.detail << std::endl;
  _exit(EXIT_FAILURE);
}

void write_on(Store& store, const std::string& name, const std::atomic<bool>& ending) {
  SystemClock clock;
  for (int n = 0; !ending; ++n) {
    AuditEvent event{};
    event.time = clock.now()->wall;
    event.type = AuditEventType::LoginDenied;
    event.actor = "neighbour";
    event.detail = name + ' ' + std::to_string(n);
    const auto written = store.append(event);
    if (!written) give_up(written.error());
    say(event.detail);
    if (n % 10 == 0) {
      if (const auto latest = store.raise_latest_time(event.time); !latest) give_up(latest.error());
    }
  }
}

int use_store(const std::string& directory, const std::string& key_file, Seat seat) {
  sigset_t ending_signal;
  sigemptyset(&ending_signal);
  sigaddset(&ending_signal, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending_signal, nullptr);

  const auto keys = CredentialKeyRing::open(key_file, nullptr);
  if (!keys) give_up(keys.error());
  SqliteStoreOptions options;
  options.directory = directory;
  options.seats = {seat};
  options.creation = Creation::Refused;
  options.deadline = 60s;
  const auto store = SqliteStore::open(options, **keys, nullptr);
  if (!store) give_up(store.error());
  say("ready");

  std::atomic<bool> ending{false};
  const auto name = std::to_string(getpid());
  std::vector<std::jthread> writers;
  for (const char* thread : {" a", " b"}) {
    writers.emplace_back([&, thread] { write_on(**store, name + thread, ending); });
  }
  int number = 0;
  sigwait(&ending_signal, &number);
  ending = true;
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace twinlock

int main(int argc, char** argv) {
  if (argc != 4) return EXIT_FAILURE;
  const bool is_http = std::string(argv[3]) == "http";
  return twinlock::use_store(
      argv[1], argv[2], is_http ? twinlock::Seat::Http : twinlock::Seat::Bus);
}
