#include "trainers/batch/locked_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace hpo::batch {
namespace {

namespace fs = std::filesystem;

Error failed_to(const char* what, const fs::path& path) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("{}: cannot {}: {}", path.string(), what,
                                 std::generic_category().message(errno))};
}

/// Whether the path still leads to this file, which another process may have removed.
bool is_at(int file, const fs::path& path) {
  struct stat ours = {};
  struct stat there = {};
  return fstat(file, &ours) == 0 && stat(path.c_str(), &there) == 0 &&
         ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

}  // namespace

Result<LockedFile> LockedFile::open(const fs::path& path) {
  std::error_code ignored;  // opening says what is wrong
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ignored);
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (!file) return failed_to("open", path);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 || !is_at(file.get(), path)) {
    return Error{.code = ErrorCode::held,
                 .message = path.string() + ": another process predicts into it",
                 .hint = "wait until it has ended, or give another --out"};
  }
  return LockedFile(path, std::move(file));
}

Result<void> LockedFile::keep(std::size_t size) {
  if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0) return failed_to("cut", path_);
  return {};
}

Result<void> LockedFile::add(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(file_.get(), text.data(), text.size());
    if (n < 0 && errno != EINTR) return failed_to("write", path_);
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> LockedFile::remove() {
  if (::unlink(path_.c_str()) != 0) return failed_to("remove", path_);
  return {};
}

}  // namespace hpo::batch
