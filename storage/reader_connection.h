#pragma once

#include <cstdint>
#include <filesystem>

#include "objectives/error.h"
#include "storage/sqlite.h"

namespace hpo {

/// A connection for reading that works wherever the file can be read.
///
/// SQLite needs the -shm file to read a database in WAL mode, and the permission to make it where
/// it is missing. It is missing only while no writer has the database open, so in a read-only
/// folder or file system the files are then read as they lie, and read again if they changed
/// meanwhile.
class ReaderConnection {
 public:
  static Result<ReaderConnection> open(const std::filesystem::path& file);

  Sqlite& sqlite() { return sqlite_; }
  /// Whether it still shows what the file holds; else open another.
  [[nodiscard]] bool is_current() const;

 private:
  /// Tells two states of a file apart; all 0 where there is none.
  struct Stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct State {
    Stamp database = {};
    Stamp log = {};
    bool has_index = false;
    bool operator==(const State&) const = default;
  };

  ReaderConnection(Sqlite sqlite, std::filesystem::path file, SqliteAccess access, State state)
      : sqlite_(std::move(sqlite)), file_(std::move(file)), access_(access), state_(state) {}
  static Stamp stamp_of(const std::string& file);
  static State state_of(const std::filesystem::path& file);
  static Result<Sqlite> try_open(const std::filesystem::path& file, SqliteAccess access);

  Sqlite sqlite_;
  std::filesystem::path file_;
  SqliteAccess access_;
  State state_;
};

}  // namespace hpo
