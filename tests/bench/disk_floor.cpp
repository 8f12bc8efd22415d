// SPDX-License-Identifier: MIT
//
// disk_floor sync FILE SECONDS
// disk_floor commit DATABASE SECONDS BATCH FULL|NORMAL
//
// What the disk and SQLite can do without us: syncs of one page, or transactions that each update
// BATCH rows of a copy of the store, by primary key as a used time step does. Prints "sample NS"
// for each, and "done COUNT SECONDS".
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

void repeat(double seconds, const std::function<void()>& operation) {
  std::vector<std::int64_t> samples;
  const auto start = Clock::now();
  const auto until = start + std::chrono::duration<double>(seconds);
  auto before = start;
  while (before < until) {
    operation();
    const auto after = Clock::now();
    samples.push_back(std::chrono::nanoseconds{after - before}.count());
    before = after;
  }
  for (const auto sample : samples) printf("sample\t%ld\n", sample);
  const std::chrono::duration<double> took = before - start;
  printf("done\t%zu\t%.6f\n", samples.size(), took.count());
}

void sync_pages(const std::string& path, double seconds) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error(path + ": can't be opened");
  const std::array<char, 4096> page{'x'};
  off_t at = 0;
  repeat(seconds, [&] {
    if (pwrite(file, page.data(), page.size(), at) < 0 || fdatasync(file) != 0) {
      throw std::runtime_error("the disk refused");
    }
    at += static_cast<off_t>(page.size());
  });
  close(file);
}

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Statement prepare(sqlite3* handle, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle, sql.c_str(), -1, &raw, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(handle));
  }
  return Statement(raw);
}

void run(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error("a statement failed");
  sqlite3_reset(statement);
}

struct Key {
  std::string owner;
  std::int64_t uid;
  std::vector<unsigned char> id;
};

std::vector<Key> read_keys(sqlite3* handle) {
  const auto rows = prepare(handle, "SELECT owner, uid, id FROM method LIMIT 1000");
  std::vector<Key> keys;
  while (sqlite3_step(rows.get()) == SQLITE_ROW) {
    const auto* const id = static_cast<const unsigned char*>(sqlite3_column_blob(rows.get(), 2));
    keys.push_back({reinterpret_cast<const char*>(sqlite3_column_text(rows.get(), 0)),
                    sqlite3_column_int64(rows.get(), 1),
                    {id, id + sqlite3_column_bytes(rows.get(), 2)}});
  }
  if (keys.empty()) throw std::runtime_error("a store without methods");
  return keys;
}

void commit_rows(const std::string& path, double seconds, int batch, const std::string& mode) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const Handle handle(raw);
  if (opened != SQLITE_OK) throw std::runtime_error(path + ": can't be opened");
  const auto pragma = "PRAGMA synchronous=" + mode;
  if (sqlite3_exec(raw, pragma.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(pragma);
  }
  const auto keys = read_keys(raw);
  const auto begin = prepare(raw, "BEGIN IMMEDIATE");
  const auto commit = prepare(raw, "COMMIT");
  const auto update =
      prepare(raw, "UPDATE method SET last_factor = ?4 WHERE owner = ?1 AND uid = ?2 AND id = ?3");
  std::int64_t count = 0;
  repeat(seconds, [&] {
    run(begin.get());
    for (int i = 0; i < batch; ++i) {
      const auto& key = keys[static_cast<std::size_t>(++count) % keys.size()];
      sqlite3_bind_text(update.get(), 1, key.owner.c_str(), -1, nullptr);
      sqlite3_bind_int64(update.get(), 2, key.uid);
      sqlite3_bind_blob(update.get(), 3, key.id.data(), static_cast<int>(key.id.size()), nullptr);
      sqlite3_bind_int64(update.get(), 4, count);
      run(update.get());
    }
    run(commit.get());
  });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.at(0) == "sync") {
      sync_pages(words.at(1), std::stod(words.at(2)));
    } else {
      commit_rows(words.at(1), std::stod(words.at(2)), std::stoi(words.at(3)), words.at(4));
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "disk_floor: " << error.what() << '\n';
    return 2;
  }
}
