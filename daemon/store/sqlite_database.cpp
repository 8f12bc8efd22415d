// SPDX-License-Identifier: MIT
#include "daemon/store/sqlite_database.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/encoding.h"

namespace twinlock::sqlite {
namespace {

ErrorCode code_of(int result) {
  switch (result & 0xff) {
    case SQLITE_CONSTRAINT:
      return ErrorCode::Conflict;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::Internal;
    default:
      return ErrorCode::Unavailable;
  }
}

// What the system said, where SQLite passes it on: that no descriptor is left, say.
std::string system_reason(sqlite3* handle, int result) {
  const int kind = result & 0xff;
  const int reason = sqlite3_system_errno(handle);
  if (reason == 0 || (kind != SQLITE_CANTOPEN && kind != SQLITE_IOERR)) return "";
  return ": " + std::generic_category().message(reason);
}

Error failure(sqlite3* handle, int result) {
  std::string detail = "SQLite: ";
  detail += sqlite3_errstr(result);
  if (handle != nullptr && (sqlite3_errcode(handle) & 0xff) == (result & 0xff)) {
    // Where it has nothing to add it repeats itself.
    const std::string message = sqlite3_errmsg(handle);
    if (message != sqlite3_errstr(result)) detail += ": " + message;
    detail += system_reason(handle, result);
  }
  return {code_of(result), detail + " (" + std::to_string(result) + ")"};
}

// Once for the process, before anything else: no lock around each allocation for statistics that
// nobody reads, and none around a connection, which one thread holds at a time.
void configure_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  });
}

// Nothing of ours comes near these; a crafted file shouldn't either (S119).
void lower_limits(sqlite3* handle) {
  constexpr auto kLimits = std::to_array<std::pair<int, int>>({
      {SQLITE_LIMIT_LENGTH, 1 << 20},
      {SQLITE_LIMIT_SQL_LENGTH, 32 << 10},
      {SQLITE_LIMIT_COLUMN, 64},
      {SQLITE_LIMIT_EXPR_DEPTH, 64},
      {SQLITE_LIMIT_COMPOUND_SELECT, 4},
      {SQLITE_LIMIT_VDBE_OP, 10'000},
      {SQLITE_LIMIT_FUNCTION_ARG, 8},
      {SQLITE_LIMIT_ATTACHED, 0},
      {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64},
      {SQLITE_LIMIT_VARIABLE_NUMBER, 64},
      {SQLITE_LIMIT_TRIGGER_DEPTH, 4},
      {SQLITE_LIMIT_WORKER_THREADS, 0},
  });
  for (const auto& [limit, value] : kLimits) sqlite3_limit(handle, limit, value);
}

// https://sqlite.org/uri.html: what isn't plain is escaped.
std::string frozen_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/._-").find(c) != std::string_view::npos;
    if (plain) {
      uri += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      uri += '%' + hex_encode(std::span(&byte, 1));
    }
  }
  return uri + "?immutable=1";
}

bool set(sqlite3* handle, int option, int value) {
  int now = -1;
  return sqlite3_db_config(handle, option, value, &now) == SQLITE_OK && now == value;
}

int note_log_size(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

Statement::~Statement() {
  if (prepared_ == nullptr) return;
  sqlite3_reset(prepared_);
  sqlite3_clear_bindings(prepared_);
}

void Statement::note(int code) {
  if (code != SQLITE_OK && failure_ == SQLITE_OK) failure_ = code;
}

void Statement::bind_value(int index, std::int64_t value) {
  note(sqlite3_bind_int64(prepared_, index, value));
}

void Statement::bind_value(int index, std::string_view value) {
  // A null pointer would bind NULL, which an empty string is not.
  note(sqlite3_bind_text(prepared_,
                         index,
                         value.data() == nullptr ? "" : value.data(),
                         static_cast<int>(value.size()),
                         SQLITE_STATIC));
}

void Statement::bind_value(int index, Bytes value) {
  note(value.empty()
           ? sqlite3_bind_zeroblob(prepared_, index, 0)
           : sqlite3_bind_blob(
                 prepared_, index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
}

void Statement::bind_value(int index, std::nullopt_t) { note(sqlite3_bind_null(prepared_, index)); }

Result<Next> Statement::step() {
  if (prepared_ == nullptr) return failure(handle_, sqlite3_extended_errcode(handle_));
  if (failure_ != SQLITE_OK) return failure(handle_, failure_);
  const int result = sqlite3_step(prepared_);
  if (result == SQLITE_ROW) return Next::Row;
  if (result == SQLITE_DONE) return Next::End;
  return failure(handle_, sqlite3_extended_errcode(handle_));
}

Result<int> Statement::execute() {
  while (true) {
    const auto next = step();
    if (!next) return next.error();
    if (*next == Next::End) return sqlite3_changes(handle_);
  }
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(prepared_, column) == SQLITE_NULL;
}

bool Statement::is_blob(int column) const {
  return sqlite3_column_type(prepared_, column) == SQLITE_BLOB;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(prepared_, column);
}

std::string Statement::text(int column) const {
  // The bytes of a text: sqlite3_column_text() would copy it first, for the sake of a zero behind
  // it.
  const auto* text = static_cast<const char*>(sqlite3_column_blob(prepared_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

Bytes Statement::blob(int column) const {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(prepared_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
void Database::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

bool has_log(const std::string& path) {
  struct stat status {};
  return lstat((path + "-wal").c_str(), &status) == 0 || errno != ENOENT;
}

Result<Database> Database::open(const std::string& path, Access access) {
  configure_library();
  sqlite3* handle = nullptr;
  const bool frozen = access == Access::Frozen;
  const bool locks = access == Access::Write || access == Access::Look;
  const int mode = locks ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const int flags = mode | (frozen ? SQLITE_OPEN_URI : 0) | SQLITE_OPEN_NOFOLLOW |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const auto name = frozen ? frozen_uri(path) : path;
  const int result = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (result != SQLITE_OK) return failure(handle, result);
  if (locks && sqlite3_db_readonly(handle, "main") == 1) {
    return Error{ErrorCode::Unavailable, "it can only be read"};
  }
  if (const auto configured = database.configure(access); !configured) return configured.error();
  return database;
}

Status Database::configure(Access access) {
  auto* handle = handle_.get();
  const bool set_all =
      set(handle, SQLITE_DBCONFIG_DEFENSIVE, 1) && set(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0) &&
      set(handle, SQLITE_DBCONFIG_DQS_DML, 0) && set(handle, SQLITE_DBCONFIG_DQS_DDL, 0) &&
      set(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0) &&
      set(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0) &&
      set(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0) && set(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1) &&
      set(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
  if (!set_all) return Error{ErrorCode::Internal, "SQLite is too old to be made safe"};
  sqlite3_busy_timeout(handle, 1000);
  // Before anything is read: with the lock of the file held from the start, the index of its log is
  // made in memory (https://sqlite.org/wal.html#noshm), and the file "-shm" isn't touched.
  if (access == Access::Look) {
    if (auto alone = run("PRAGMA locking_mode=EXCLUSIVE"); !alone) return alone;
  }
  // Not the journal mode: that is written into the file, which is not known to be ours yet. Last
  // the limits, which this text itself would break.
  const auto done =
      run("PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON; PRAGMA cell_size_check=ON;"
          "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA synchronous=FULL;"
          "PRAGMA wal_autocheckpoint=0");
  // Readers are many, and the kernel has the pages as well: the inner nodes of a large store and
  // what one call needs are enough to keep.
  const auto bounded =
      access == Access::Write ? run("PRAGMA cache_size=-2048") : run("PRAGMA cache_size=-512");
  lower_limits(handle);
  return done ? bounded : done;
}

Statement Database::prepare(Sql sql) {
  auto& kept = statements_[sql.text];
  if (!kept) {
    sqlite3_stmt* prepared = nullptr;
    sqlite3_prepare_v3(handle_.get(), sql.text, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    kept.reset(prepared);
  }
  return {handle_.get(), kept.get()};
}

Status Database::run(Sql sql) { return run_migration(sql.text); }

Status Database::run_migration(const char* text) {
  const int result = sqlite3_exec(handle_.get(), text, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return failure(handle_.get(), result);
  return Done{};
}

Result<std::string> Database::query(Sql sql) {
  sqlite3_stmt* prepared = nullptr;
  const int result = sqlite3_prepare_v2(handle_.get(), sql.text, -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, Finalize> owned(prepared);
  if (result != SQLITE_OK) return failure(handle_.get(), result);
  Statement statement(handle_.get(), prepared);
  const auto next = statement.step();
  if (!next) return next.error();
  return *next == Next::Row ? statement.text(0) : std::string();
}

bool Database::is_full() const {
  const int code = sqlite3_errcode(handle_.get()) & 0xff;
  return code == SQLITE_FULL ||
         (code == SQLITE_IOERR && sqlite3_system_errno(handle_.get()) == ENOSPC);
}

bool Database::is_damaged() const {
  const int code = sqlite3_errcode(handle_.get()) & 0xff;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

bool Database::is_failing() const {
  const int code = sqlite3_errcode(handle_.get()) & 0xff;
  return is_full() || is_damaged() || code == SQLITE_IOERR || code == SQLITE_CANTOPEN ||
         code == SQLITE_PROTOCOL || code == SQLITE_NOMEM;
}

Error Database::last_error() const {
  return failure(handle_.get(), sqlite3_extended_errcode(handle_.get()));
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

std::uint32_t Database::version() const {
  std::uint32_t version = 0;
  sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_DATA_VERSION, &version);
  return version;
}

void Database::watch_log(int& pages) { sqlite3_wal_hook(handle_.get(), note_log_size, &pages); }

Status Database::checkpoint() {
  const int result = sqlite3_wal_checkpoint_v2(
      handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  // Busy means that another connection is at it, or still reads: what is left is done next time.
  if (result != SQLITE_OK && (result & 0xff) != SQLITE_BUSY) {
    return failure(handle_.get(), result);
  }
  return Done{};
}

void Database::checkpoint_on_close(bool enabled) {
  set(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, enabled ? 0 : 1);
}

}  // namespace twinlock::sqlite
