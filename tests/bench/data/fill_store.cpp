// SPDX-License-Identifier: MIT
//
// fill_store --directory D --key FILE [--users N] [--audit N] [--audit-age-days N] [--crowd N]
//
// Makes a store with N users, each with one TOTP method, and N audit records of logins more,
// through the store's own library, and one user more with N methods; policy and factors are set as
// a host would have them. Many threads ask, so that the store commits for many at once. Meant for a
// directory in memory, to be copied from there.
#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "daemon/store/sqlite_store.h"
#include "daemon/system/credential_key_ring.h"
#include "tests/bench/data/people.h"

namespace twinlock {
namespace {

constexpr int kThreads = 128;
constexpr int kCrowded = 9'999'999;  // harness/people.py knows it by name

template <typename T>
void check(const Result<T>& result) {
  if (!result) throw std::runtime_error(result.error().detail);
}

// Calls `work` with 0 to `count` - 1 from many threads. The first failure ends it.
void in_parallel(int count, const std::function<void(int)>& work) {
  std::atomic<int> next{0};
  std::atomic<bool> failed{false};
  {
    std::vector<std::jthread> threads(kThreads);
    for (auto& thread : threads) {
      thread = std::jthread([&] {
        try {
          for (int i = next++; i < count && !failed; i = next++) work(i);
        } catch (const std::exception& error) {
          if (!failed.exchange(true)) std::cerr << "fill_store: " << error.what() << '\n';
        }
      });
    }
  }
  if (failed) throw std::runtime_error("not every row was written");
}

// The methods of one user whom nobody else's limits bind: lists of every length.
void add_crowd(Store& store, int count, WallTime now) {
  const Account owner = bench::account_of(kCrowded);
  const auto size = static_cast<std::size_t>(count);
  for (int i = 0; i < count; ++i) {
    auto method = bench::method_of(kCrowded + i, now);
    method.method.owner = owner;
    auto event = bench::enrollment_event(kCrowded + i, now);
    event.user = owner.name;
    event.uid = owner.uid;
    check(store.add_otp_method(method, {size, size}, event));
  }
}

void fill(Store& store, int users, int audit, std::chrono::hours audit_age, int crowd) {
  using namespace std::chrono_literals;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const MethodLimits limits{kOtpMethodsPerUser, kUnconfirmedPerUser};
  AuditEvent change{};
  change.time = now;
  change.type = AuditEventType::PolicyChanged;
  change.actor = "uid 0";
  check(store.set_policy(LoginPolicy::AllApplications, change));
  change.type = AuditEventType::FactorChanged;
  check(store.set_factor(Factor::Otp, true, change));
  in_parallel(users, [&](int i) {
    check(store.add_otp_method(
        bench::method_of(i, now - 1h), limits, bench::enrollment_event(i, now - 1h)));
  });
  in_parallel(audit, [&](int i) { check(store.append(bench::login_event(i, now - audit_age))); });
  add_crowd(store, crowd, now - 1h);
}

int run(const std::map<std::string, std::string>& options) {
  const auto number = [&options](const char* name) {
    const auto found = options.find(name);
    return found == options.end() ? 0 : std::stoi(found->second);
  };
  auto keys = CredentialKeyRing::open(options.at("--key"), [](const std::string&) {});
  check(keys);
  SqliteStoreOptions where;
  where.directory = options.at("--directory");
  where.deadline = std::chrono::minutes(1);
  auto store = SqliteStore::open(where, **keys, [](StoreAlert, const std::string& text) {
    std::cerr << "fill_store: " << text << '\n';
  });
  check(store);
  fill(**store,
       number("--users"),
       number("--audit"),
       std::chrono::hours(24) * number("--audit-age-days"),
       number("--crowd"));
  return 0;
}

}  // namespace
}  // namespace twinlock

int main(int argc, char** argv) {
  try {
    std::map<std::string, std::string> options;
    for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
    return twinlock::run(options);
  } catch (const std::exception& error) {
    std::cerr << "fill_store: " << error.what() << '\n';
    return 2;
  }
}
