// SPDX-License-Identifier: MIT
#include "tests/bench/micro/fixture.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "daemon/system/key_file.h"
#include "tests/bench/data/people.h"

namespace twinlock::bench {
namespace {

std::string make_directory() {
  std::string path = "/dev/shm/twinlock-micro-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no directory in /dev/shm");
  return path;
}

}  // namespace

MemoryDirectory::MemoryDirectory() : path_(make_directory()) {}

MemoryDirectory::~MemoryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

FilledStore::FilledStore(int users) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto key_file = directory.path() + "/key";
  take(create_key_file(key_file, now));
  keys = take(CredentialKeyRing::open(key_file, [](const std::string&) {}));
  SqliteStoreOptions options;
  options.directory = directory.path();
  options.deadline = std::chrono::minutes(1);  // callgrind is fifty times slower than we are
  store = take(SqliteStore::open(options, *keys, [](StoreAlert, const std::string&) {}));

  AuditEvent change{};
  change.time = now;
  change.type = AuditEventType::PolicyChanged;
  take(store->set_policy(LoginPolicy::AllApplications, change));
  take(store->set_factor(Factor::Otp, true, change));
  for (int i = 0; i < users; ++i) {
    take(store->add_otp_method(
        method_of(i, now), {kOtpMethodsPerUser, kUnconfirmedPerUser}, enrollment_event(i, now)));
  }
}

}  // namespace twinlock::bench
