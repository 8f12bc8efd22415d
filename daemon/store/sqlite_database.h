// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_STORE_SQLITE_DATABASE_H
#define TWINLOCK_DAEMON_STORE_SQLITE_DATABASE_H

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "common/result.h"
#include "daemon/domain/instant.h"

struct sqlite3;
struct sqlite3_stmt;

// RAII over SQLite's C interface, and the one place that knows how a connection is opened (S119).
namespace twinlock::sqlite {

// SQL that was text when we were compiled: nothing put together at run time becomes one (S120).
struct Sql {
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is what it is for
  consteval Sql(const char* literal) : text(literal) {}
  const char* text;
};

using Bytes = std::span<const std::uint8_t>;

enum class Next { Row, End };

// One use of a prepared statement: bind, step, read. Reset when it goes. What was bound must
// outlive it, since nothing is copied. A failure of prepare() or bind() shows at step().
class Statement {
 public:
  Statement(sqlite3* handle, sqlite3_stmt* prepared) : handle_(handle), prepared_(prepared) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Binds ?1, ?2, … in order. Strings and blobs by reference: no temporaries that own.
  template <typename... Values>
  Statement& bind(Values&&... values) {
    static_assert(((std::is_lvalue_reference_v<Values> || !kOwns<Values>)&&...),
                  "would point to a temporary");
    (bind_value(++bound_, values), ...);
    return *this;
  }

  [[nodiscard]] Result<Next> step();
  // For statements without rows: runs to the end; returns how many rows were changed.
  [[nodiscard]] Result<int> execute();

  // Of the row that step() stopped at; columns count from 0.
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] Bytes blob(int column) const;  // valid until the next step()
  [[nodiscard]] bool is_blob(int column) const;

  template <std::integral T>
  [[nodiscard]] T number(int column) const {
    return static_cast<T>(integer(column));
  }
  template <typename Enum>
  [[nodiscard]] Enum named(int column) const {
    return static_cast<Enum>(integer(column));
  }
  [[nodiscard]] WallTime time(int column) const {
    return WallTime{std::chrono::milliseconds{integer(column)}};
  }
  // Of a fixed size: shorter ones are filled with zeros, longer ones cut.
  template <typename Array>
  [[nodiscard]] Array array(int column) const {
    Array bytes{};
    const auto found = blob(column);
    std::copy_n(found.begin(), std::min(bytes.size(), found.size()), bytes.begin());
    return bytes;
  }
  template <typename Read>
  [[nodiscard]] auto optional(int column, Read read) const
      -> std::optional<decltype(read(column))> {
    if (is_null(column)) return std::nullopt;
    return read(column);
  }

 private:
  template <typename T>
  static constexpr bool kOwns = std::is_same_v<std::remove_cvref_t<T>, std::string> ||
                                std::is_same_v<std::remove_cvref_t<T>, std::vector<std::uint8_t>>;

  void bind_value(int index, std::int64_t value);
  void bind_value(int index, std::string_view value);
  void bind_value(int index, const std::string& value) {
    bind_value(index, std::string_view{value});
  }
  void bind_value(int index, const char* value) { bind_value(index, std::string_view{value}); }
  void bind_value(int index, Bytes value);
  void bind_value(int index, const std::vector<std::uint8_t>& value) {
    bind_value(index, Bytes(value));
  }
  template <std::size_t Size>
  void bind_value(int index, const std::array<std::uint8_t, Size>& value) {
    bind_value(index, Bytes(value));
  }
  void bind_value(int index, std::nullopt_t);
  void bind_value(int index, WallTime value) {
    bind_value(index, std::int64_t{value.time_since_epoch().count()});
  }
  void bind_value(int index, std::chrono::milliseconds value) {
    bind_value(index, std::int64_t{value.count()});
  }
  template <typename T>
  requires std::integral<T> || std::is_enum_v<T>
  void bind_value(int index, T value) { bind_value(index, static_cast<std::int64_t>(value)); }
  template <typename T>
  void bind_value(int index, const std::optional<T>& value) {
    if (value) {
      bind_value(index, *value);
    } else {
      bind_value(index, std::nullopt);
    }
  }
  void note(int code);

  sqlite3* handle_;
  sqlite3_stmt* prepared_;
  int bound_ = 0;
  int failure_ = 0;
};

// Whether a log lies beside the database at `path`, which has a part of it then, or nobody can
// tell: one is in use, or wasn't closed in order.
[[nodiscard]] bool has_log(const std::string& path);

// One connection. Belongs to one thread at a time.
class Database {
 public:
  enum class Access {
    Read,
    Write,
    // To look at a file that nobody else uses, its log included: keeps the file locked, and leaves
    // it and what is beside it as they are, bytes and times.
    Look,
    Frozen,  // the same for a file without a log, without a lock
  };

  // Opens the file at `path`, which must exist; follows no symbolic link. Makes no change to it.
  static Result<Database> open(const std::string& path, Access access);

  // Prepared at the first use and kept.
  [[nodiscard]] Statement prepare(Sql sql);
  // For what is run once: pragmas, schema. Runs every statement of the text.
  [[nodiscard]] Status run(Sql sql);
  // The text of a migration, embedded when we were built.
  [[nodiscard]] Status run_migration(const char* text);

  // The first column of the first row, as text; for pragmas.
  [[nodiscard]] Result<std::string> query(Sql sql);

  // After a failure: what SQLite said last.
  [[nodiscard]] bool is_full() const;     // no room on the disk
  [[nodiscard]] bool is_damaged() const;  // the file is not a sound database any more
  [[nodiscard]] bool is_failing() const;  // either, or an error of the file system
  [[nodiscard]] Error last_error() const;
  [[nodiscard]] bool in_transaction() const;

  // A number that is another one whenever the file was changed since the last transaction here
  // began, and after each change of ours. Asks nobody: a transaction has looked when it began.
  [[nodiscard]] std::uint32_t version() const;

  // Hears after each commit how many pages the write-ahead log holds.
  void watch_log(int& pages);
  // Writes what it can of the log back to the file, waiting for nobody. Any connection.
  [[nodiscard]] Status checkpoint();
  // Whether closing the last connection writes the log back. Not before the file was found good.
  void checkpoint_on_close(bool enabled);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  explicit Database(sqlite3* handle) : handle_(handle) {}
  [[nodiscard]] Status configure(Access access);

  std::unique_ptr<sqlite3, Close> handle_;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

}  // namespace twinlock::sqlite

#endif
