#include "storage/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace hpo {
namespace {

bool is_out_of_space(int code, int system_errno) {
  if (code == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE) return true;
  return (code & 0xFF) == SQLITE_IOERR &&
         (system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG);
}

std::string reason(int system_errno, const std::string& detail) {
  return system_errno == 0 ? detail : detail + ": " + std::strerror(system_errno);
}

}  // namespace

Error damaged_database(const std::string& file, const std::string& detail) {
  return {.code = ErrorCode::corrupt,
          .message = fmt::format("{}: the database is damaged ({})", file, detail),
          .hint = fmt::format("restore a copy, or save what is readable with: sqlite3 '{}' "
                              "'.recover' | sqlite3 recovered.db",
                              file)};
}

Error sqlite_error(int code, int system_errno, const std::string& file, const std::string& detail) {
  const int primary = code & 0xFF;
  if (is_out_of_space(code, system_errno)) {
    return {
        .code = ErrorCode::environment,
        .message = fmt::format("{}: no space left to write (disk, quota or file size limit)", file),
        .hint = "free space on that disk; nothing that was stored is lost"};
  }
  switch (primary) {
    case SQLITE_NOTADB:
      return {.code = ErrorCode::corrupt,
              .message = fmt::format("{}: is not a study database (SQLite)", file),
              .hint = "name another file with --storage; this one is left as it is"};
    case SQLITE_CORRUPT:
      return damaged_database(file, detail);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return {
          .code = ErrorCode::environment,
          .message = fmt::format("{}: cannot be opened or written ({})", file,
                                 reason(system_errno, detail)),
          .hint = "check that the folder exists and that you may write the file and its folder"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {.code = ErrorCode::environment,
              .message = fmt::format("{}: another program keeps the database locked", file),
              .hint = "end the program that holds a transaction open on it, then try again"};
    case SQLITE_CONSTRAINT:
      return {.code = ErrorCode::environment,
              .message =
                  fmt::format("{}: what this belongs to was removed meanwhile ({})", file, detail),
              .hint = "start the study again with `hpo run`"};
    default:
      return {.code = ErrorCode::environment,
              .message = fmt::format("{}: {}", file, reason(system_errno, detail)),
              .hint = "check the disk that holds the file"};
  }
}

}  // namespace hpo
