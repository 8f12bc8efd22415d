// SPDX-License-Identifier: MIT
//
// store_probe --directory D --key FILE --users N [--seconds S] [--purge]
//
// Uses a store as the daemon's threads do, and prints "sample WHAT NS" for each call:
//   read        the credentials of one of N users, at random
//   users       a page of 100 users, from anywhere in the list
//   records     a page of 100 audit records, from anywhere in the log
//   append      a durable audit record
// With --purge instead: "quiet" for durable appends alone, then "purging" for the same while
// another thread deletes what retention no longer keeps, 100 rows at a time and without a pause;
// and "purged COUNT".
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "daemon/store/sqlite_store.h"
#include "daemon/system/credential_key_ring.h"
#include "tests/bench/data/people.h"

namespace twinlock {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kWarmUp = 20;
constexpr int kPage = 100;

template <typename T>
T take(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  return *std::move(result);
}

WallTime now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

class Probe {
 public:
  Probe(Store& store, int users, std::chrono::duration<double> seconds)
      : store_(store), seconds_(seconds), any_user_(0, users - 1) {
    AuditQuery newest;
    newest.newest = true;
    newest.limit = 1;
    const auto last = take(store_.read(newest));
    any_record_ =
        std::uniform_int_distribution<std::uint64_t>(0, last.empty() ? 0 : last[0].sequence);
  }

  void read_and_append() {
    sample("read", [this] { take(store_.methods_of(someone().name)); });
    sample("users", [this] { take(store_.users_after(someone().name, kPage)); });
    sample("records", [this] {
      AuditQuery page;
      page.after = any_record_(random_);
      page.limit = kPage;
      take(store_.read(page));
    });
    sample("append", [this] { append(); });
  }

  void append_while_purging() {
    sample("quiet", [this] { append(); });
    std::atomic<int> purged{0};
    std::atomic<bool> stop{false};
    std::jthread retention([this, &purged, &stop] {
      while (!stop) purged += take(store_.purge(now(), kPage));
    });
    sample("purging", [this] { append(); });
    stop = true;
    retention.join();
    printf("purged\t%d\n", purged.load());
  }

 private:
  Account someone() { return bench::account_of(any_user_(random_)); }
  void append() { take(store_.append(bench::login_event(any_user_(random_), now()))); }

  void sample(const char* what, const std::function<void()>& operation) {
    for (int i = 0; i < kWarmUp; ++i) operation();
    const auto until = Clock::now() + seconds_;
    for (auto before = Clock::now(); before < until;) {
      operation();
      const auto after = Clock::now();
      printf("sample\t%s\t%ld\n", what, std::chrono::nanoseconds{after - before}.count());
      before = after;
    }
  }

  Store& store_;
  std::chrono::duration<double> seconds_;
  std::mt19937 random_{1};
  std::uniform_int_distribution<int> any_user_;
  std::uniform_int_distribution<std::uint64_t> any_record_;
};

int run(const std::vector<std::string>& words) {
  std::map<std::string, std::string> options{{"--seconds", "1"}};
  bool purge = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--purge") {
      purge = true;
    } else {
      options[words[i]] = words.at(i + 1);
      ++i;
    }
  }
  const auto keys = take(CredentialKeyRing::open(options.at("--key"), [](const std::string&) {}));
  SqliteStoreOptions where;
  where.directory = options.at("--directory");
  const auto store = take(SqliteStore::open(where, *keys, [](StoreAlert, const std::string&) {}));
  Probe probe(*store,
              std::stoi(options.at("--users")),
              std::chrono::duration<double>(std::stod(options.at("--seconds"))));
  if (purge) {
    probe.append_while_purging();
  } else {
    probe.read_and_append();
  }
  return 0;
}

}  // namespace
}  // namespace twinlock

int main(int argc, char** argv) {
  try {
    return twinlock::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "store_probe: " << error.what() << '\n';
    return 2;
  }
}
