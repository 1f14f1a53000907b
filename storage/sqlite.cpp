#include "storage/sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>
#include <utility>

#include "storage/sqlite_error.h"

namespace hpo {
namespace {

using std::chrono::microseconds;

// A write transaction of ours takes well under a millisecond, so short naps find the gap between
// another engine's, where SQLite's own (up to 100 ms) would starve.
constexpr microseconds kFirstNap{50};
constexpr microseconds kLongestNap{5'000};
constexpr int kNaps = 6'000;  // about 30 s: longer than a checkpoint on a slow disk

void nap(int attempt) {
  std::this_thread::sleep_for(std::min(kLongestNap, kFirstNap * (1 << std::min(attempt, 7))));
}

int on_busy(void*, int attempt) {
  if (attempt >= kNaps) return 0;
  nap(attempt);
  return 1;
}

/// `file:` URI of an absolute path, with the characters that mean something there escaped.
std::string uri_of(const std::string& file, const char* parameters) {
  std::string uri = "file:";
  for (const char c : file) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02x}", static_cast<unsigned>(c));
    } else {
      uri += c;
    }
  }
  return uri + parameters;
}

std::string name_for(const std::string& file, SqliteAccess access) {
  switch (access) {
    case SqliteAccess::write:
    case SqliteAccess::read:
      return uri_of(file, "");
    case SqliteAccess::read_log:
      return uri_of(file, "?vfs=unix-none");  // no locks: none can be taken, and nobody writes
    case SqliteAccess::read_at_rest:
      return uri_of(file, "?immutable=1");
  }
  return file;
}

/// Why the last system call on the database or its log failed; 0 if none did.
int last_errno(sqlite3* connection) {
  int code = 0;
  sqlite3_file* log = nullptr;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log != nullptr && log->pMethods != nullptr)
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &code);
  if (code == 0) sqlite3_file_control(connection, "main", SQLITE_FCNTL_LAST_ERRNO, &code);
  return code != 0 ? code : sqlite3_system_errno(connection);
}

Error last_error(sqlite3* connection, int code, const std::string& file) {
  if (connection == nullptr) return sqlite_error(code, 0, file, sqlite3_errstr(code));
  const std::string detail = sqlite3_errmsg(connection);
  const int primary = code & 0xFF;
  int system_errno = 0;
  if (primary == SQLITE_IOERR) system_errno = last_errno(connection);
  if (primary == SQLITE_CANTOPEN) system_errno = sqlite3_system_errno(connection);
  return sqlite_error(code, system_errno, file, detail);
}

}  // namespace

SqliteQuery::SqliteQuery(SqliteQuery&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      file_(other.file_),
      bind_code_(other.bind_code_) {}

SqliteQuery::~SqliteQuery() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void SqliteQuery::bind(int index, std::int64_t value) {
  bind_code_ = std::max(bind_code_, sqlite3_bind_int64(statement_, index, value));
}

void SqliteQuery::bind(int index, double value) {
  if (std::isnan(value)) return bind(index, std::string_view("nan"));
  bind_code_ = std::max(bind_code_, sqlite3_bind_double(statement_, index, value));
}

void SqliteQuery::bind(int index, std::string_view value) {
  // A null pointer would bind NULL; an empty view may have one.
  const char* data = value.empty() ? "" : value.data();
  bind_code_ = std::max(bind_code_, sqlite3_bind_text64(statement_, index, data, value.size(),
                                                        SQLITE_TRANSIENT, SQLITE_UTF8));
}

Result<bool> SqliteQuery::next() {
  if (statement_ == nullptr)
    return last_error(connection_, sqlite3_extended_errcode(connection_), *file_);
  const int code = bind_code_ == SQLITE_OK ? sqlite3_step(statement_) : bind_code_;
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return last_error(connection_, code, *file_);
}

bool SqliteQuery::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t SqliteQuery::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double SqliteQuery::real(int column) const {
  const int type = sqlite3_column_type(statement_, column);
  if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return sqlite3_column_double(statement_, column);
}

std::string SqliteQuery::text(int column) const { return std::string(view(column)); }

std::string_view SqliteQuery::view(int column) const {
  const auto* data = sqlite3_column_text(statement_, column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Sqlite::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
void Sqlite::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Sqlite::Sqlite(std::unique_ptr<sqlite3, Close> connection, std::string file)
    : file_(std::make_unique<std::string>(std::move(file))), connection_(std::move(connection)) {}

Result<Sqlite> Sqlite::open(const std::filesystem::path& file, SqliteAccess access) {
  const bool writes = access == SqliteAccess::write;
  const int flags = (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                    SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  std::error_code ignored;
  const std::string absolute = std::filesystem::absolute(file, ignored).string();
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(name_for(absolute, access).c_str(), &opened, flags, nullptr);
  std::unique_ptr<sqlite3, Close> connection(opened);
  if (code != SQLITE_OK) return last_error(opened, code, file.string());
  Sqlite sqlite(std::move(connection), file.string());
  if (auto ready = sqlite.set_up(access); !ready) return ready.error();
  return sqlite;
}

Result<void> Sqlite::set_up(SqliteAccess access) {
  sqlite3_busy_handler(connection_.get(), on_busy, nullptr);
  if (access == SqliteAccess::read_log) {
    // With exclusive locking the index of the -wal lives in memory instead of in -shm.
    return script("PRAGMA locking_mode = EXCLUSIVE");
  }
  if (access != SqliteAccess::write) return {};
  if (sqlite3_db_readonly(connection_.get(), "main") == 1) {
    return sqlite_error(SQLITE_READONLY, 0, *file_, "the file is read-only for you");
  }
  if (auto wal = enter_wal(); !wal) return wal.error();
  return script("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
}

Result<void> Sqlite::enter_wal() {
  for (int attempt = 0;; ++attempt) {
    // SQLite does not call the busy handler when it changes the mode of a file that others open.
    auto mode = query("PRAGMA journal_mode = WAL");
    const auto row = mode.next();
    if (row && mode.view(0) == "wal") return {};
    if (row) {
      return Error{.code = ErrorCode::environment,
                   .message = fmt::format("{}: the file system cannot hold a database that several "
                                          "processes use (no shared memory)",
                                          *file_),
                   .hint = "put the storage on a local disk"};
    }
    const bool is_busy = (sqlite3_extended_errcode(connection_.get()) & 0xFF) == SQLITE_BUSY;
    if (!is_busy || attempt == kNaps) return row.error();
    nap(attempt);
  }
}

Result<void> Sqlite::script(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return last_error(connection_.get(), code, *file_);
}

SqliteQuery Sqlite::prepare(const char* sql) {
  auto found = statements_.find(std::string_view(sql));
  if (found == statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v3(connection_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (statement == nullptr) return {connection_.get(), nullptr, *file_};
    found = statements_.emplace(sql, Statement(statement)).first;
  }
  return {connection_.get(), found->second.get(), *file_};
}

Result<std::int64_t> Sqlite::number(const char* sql) {
  auto asked = query(sql);
  const auto row = asked.next();
  if (!row) return row.error();
  return *row ? asked.integer(0) : 0;
}

std::int64_t Sqlite::changes() const { return sqlite3_changes64(connection_.get()); }
std::int64_t Sqlite::last_insert_id() const { return sqlite3_last_insert_rowid(connection_.get()); }

bool Sqlite::was_moved() const {
  int moved = 0;
  sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

bool Sqlite::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

Result<SqliteTransaction> SqliteTransaction::begin_write(Sqlite& sqlite) {
  if (auto begun = sqlite.run("BEGIN IMMEDIATE"); !begun) return begun.error();
  return SqliteTransaction(sqlite);
}

Result<SqliteTransaction> SqliteTransaction::begin_read(Sqlite& sqlite) {
  if (auto begun = sqlite.run("BEGIN"); !begun) return begun.error();
  return SqliteTransaction(sqlite);
}

SqliteTransaction::SqliteTransaction(SqliteTransaction&& other) noexcept
    : sqlite_(std::exchange(other.sqlite_, nullptr)) {}

SqliteTransaction::~SqliteTransaction() {
  // A full disk rolls back by itself.
  if (sqlite_ == nullptr || !sqlite_->in_transaction()) return;
  if (auto undone = sqlite_->run("ROLLBACK"); !undone) return;  // the connection's end undoes it
}

Result<void> SqliteTransaction::commit() { return sqlite_->run("COMMIT"); }

}  // namespace hpo
