#include "storage/reader_connection.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "storage/migration.h"
#include "storage/schema.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

Error no_studies(const fs::path& file) {
  return {.code = ErrorCode::not_found,
          .message = fmt::format("{}: holds no studies yet", file.string()),
          .hint = "start one with `hpo run`, or name another file with --storage"};
}

Error not_updated(const fs::path& file, int version) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("{}: was written by an older version of hpo (format {})",
                                 file.string(), version),
          .hint = "`hpo run` with it once updates it"};
}

}  // namespace

ReaderConnection::Stamp ReaderConnection::stamp_of(const std::string& file) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) return {};
  constexpr std::int64_t kSecond = 1'000'000'000;
  return {.device = found.st_dev,
          .inode = found.st_ino,
          .size = found.st_size,
          .modified_ns = found.st_mtim.tv_sec * kSecond + found.st_mtim.tv_nsec};
}

ReaderConnection::State ReaderConnection::state_of(const fs::path& file) {
  return {.database = stamp_of(file.string()),
          .log = stamp_of(file.string() + "-wal"),
          .has_index = stamp_of(file.string() + "-shm").inode != 0};
}

Result<Sqlite> ReaderConnection::try_open(const fs::path& file, SqliteAccess access) {
  auto sqlite = Sqlite::open(file, access);
  if (!sqlite) return sqlite;
  const int known = static_cast<int>(schema_steps().size());
  const auto version = schema_version(*sqlite, known);
  if (!version) return version.error();
  if (*version == 0) return no_studies(file);
  if (*version < known) return not_updated(file, *version);
  return sqlite;
}

Result<ReaderConnection> ReaderConnection::open(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("{}: no such file", file.string()),
                 .hint = "start a study with `hpo run`, or name the storage with --storage"};
  }
  const State state = state_of(file);
  auto sqlite = try_open(file, SqliteAccess::read);
  if (sqlite) return ReaderConnection(std::move(*sqlite), file, SqliteAccess::read, state);
  // With the index there, SQLite's answer is final; without it, it may just not be allowed to make
  // it.
  if (sqlite.error().code != ErrorCode::environment || state.has_index) return sqlite.error();
  const auto access = state.log.size > 0 ? SqliteAccess::read_log : SqliteAccess::read_at_rest;
  auto at_rest = try_open(file, access);
  if (!at_rest)
    return at_rest.error().code == ErrorCode::environment ? sqlite.error() : at_rest.error();
  return ReaderConnection(std::move(*at_rest), file, access, state);
}

bool ReaderConnection::is_current() const {
  if (access_ == SqliteAccess::read) return !sqlite_.was_moved();
  return state_of(file_) == state_;
}

}  // namespace hpo
