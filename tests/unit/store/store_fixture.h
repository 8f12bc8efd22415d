// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_STORE_STORE_FIXTURE_H
#define TWINLOCK_TESTS_UNIT_STORE_STORE_FIXTURE_H

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/sqlite_store.h"
#include "tests/fakes/fake_key_ring.h"
#include "tests/fakes/store_samples.h"
#include "tests/fakes/temporary_directory.h"

namespace twinlock {

// A store on a disk, opened and closed at will, and everything else that can be done to its files.
class StoreTest : public testing::Test {
 protected:
  StoreTest();

  // Opens it; fails the test if that is refused.
  SqliteStore& open();
  void close() { store_.reset(); }
  // Why it can't be opened; empty if it can, or could.
  std::string refusal();

  // Runs SQL on the file as it is, past all of our code; the first column of the last row.
  std::string sql(const std::string& text);
  [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }
  [[nodiscard]] std::string content(const std::string& name) const;
  void overwrite(const std::string& name, const std::string& content) const;

  // One grant of alice's method 1 at this step, in a conversation of its own.
  static GrantOutcome log_in(Store& store, int step);
  static void enroll(Store& store, int number = 1);

  [[nodiscard]] std::vector<std::string> alerts(StoreAlert kind);

  TemporaryDirectory directory_;
  FakeKeyRing keys_;
  SqliteStoreOptions options_;

 private:
  std::mutex mutex_;
  std::vector<std::pair<StoreAlert, std::string>> alerts_;

 protected:
  std::unique_ptr<SqliteStore> store_;
};

}  // namespace twinlock

#endif
