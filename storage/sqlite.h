#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "objectives/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hpo {

/// How a file is opened. The last two are for folders in which SQLite may not make its -shm file.
enum class SqliteAccess {
  write,         ///< creates the file where it is missing
  read,          ///< sees what writers commit meanwhile; needs -shm, or the permission to make it
  read_log,      ///< the file and its -wal, whose writer is gone
  read_at_rest,  ///< the file alone: closed by its last writer, with an empty or no -wal
};

/// One run of a prepared statement; gives the statement back to its connection when it goes.
class SqliteQuery {
 public:
  SqliteQuery(sqlite3* connection, sqlite3_stmt* statement, const std::string& file)
      : connection_(connection), statement_(statement), file_(&file) {}
  SqliteQuery(SqliteQuery&& other) noexcept;
  SqliteQuery& operator=(SqliteQuery&&) = delete;
  ~SqliteQuery();

  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  /// NaN, which SQLite would turn into NULL, is bound as the text 'nan'.
  void bind(int index, double value);
  void bind(int index, std::string_view value);
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    if (value) bind(index, *value);
  }

  /// Whether there is a next row.
  Result<bool> next();

  // Columns of the current row, from 0.
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  /// As text(), valid until the next row.
  [[nodiscard]] std::string_view view(int column) const;

 private:
  sqlite3* connection_;
  sqlite3_stmt* statement_;  ///< null: preparing it failed, and the connection knows why
  const std::string* file_;
  int bind_code_ = 0;
};

/// A connection. Statements are prepared once and kept. Errors name the file and what to do.
class Sqlite {
 public:
  static Result<Sqlite> open(const std::filesystem::path& file, SqliteAccess access);

  /// Runs statements that return nothing (or whose rows do not matter).
  Result<void> script(const char* sql);

  /// Prepares `sql`, and binds the arguments to ?1, ?2, ...; an error shows in next().
  template <class... Arguments>
  SqliteQuery query(const char* sql, const Arguments&... arguments) {
    SqliteQuery query = prepare(sql);
    int index = 0;
    (query.bind(++index, arguments), ...);
    return query;
  }

  /// As query, run to its end.
  template <class... Arguments>
  Result<void> run(const char* sql, const Arguments&... arguments) {
    SqliteQuery running = query(sql, arguments...);
    while (true) {
      const auto row = running.next();
      if (!row) return row.error();
      if (!*row) return {};
    }
  }

  /// The only column of the only row.
  Result<std::int64_t> number(const char* sql);
  /// Rows that the last run changed.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_insert_id() const;
  /// Whether the file was deleted, moved or replaced since it was opened.
  [[nodiscard]] bool was_moved() const;
  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] const std::string& file() const { return *file_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  Sqlite(std::unique_ptr<sqlite3, Close> connection, std::string file);
  SqliteQuery prepare(const char* sql);
  Result<void> set_up(SqliteAccess access);
  Result<void> enter_wal();

  std::unique_ptr<std::string> file_;  ///< at a fixed place, queries point at it
  std::unique_ptr<sqlite3, Close> connection_;
  std::map<std::string, Statement, std::less<>> statements_;
};

/// Undone when it goes, unless committed.
class SqliteTransaction {
 public:
  /// Takes the write lock, for which it waits.
  static Result<SqliteTransaction> begin_write(Sqlite& sqlite);
  /// One snapshot for several queries.
  static Result<SqliteTransaction> begin_read(Sqlite& sqlite);
  SqliteTransaction(SqliteTransaction&& other) noexcept;
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;
  ~SqliteTransaction();

  Result<void> commit();

 private:
  explicit SqliteTransaction(Sqlite& sqlite) : sqlite_(&sqlite) {}
  Sqlite* sqlite_;
};

}  // namespace hpo
