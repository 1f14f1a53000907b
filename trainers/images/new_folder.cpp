#include "trainers/images/new_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace hpo {
namespace {

namespace fs = std::filesystem;

Error failed(const char* what, const fs::path& path, const std::error_code& error) {
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("cannot {} {}: {}", what, path.string(), error.message())};
}

std::error_code last_error() { return {errno, std::generic_category()}; }

Result<void> check_free(const fs::path& target) {
  std::error_code error;
  const auto status = fs::symlink_status(target, error);
  if (status.type() == fs::file_type::not_found) return {};
  if (!fs::is_directory(status)) {
    return Error{.message = fmt::format("{}: exists and is not a folder", target.string())};
  }
  if (fs::is_empty(target, error) && !error) return {};
  if (error) return failed("look into", target, error);
  return Error{.message = fmt::format("{}: is not empty", target.string()),
               .hint = "give a new folder, or remove this one first"};
}

/// Whether `fd` is still what lies at `path`: its holder may have published it meanwhile.
bool is_at(int fd, const fs::path& path) {
  struct stat ours = {};
  struct stat there = {};
  return fstat(fd, &ours) == 0 && stat(path.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
         ours.st_ino == there.st_ino;
}

}  // namespace

NewFolder::NewFolder(fs::path target, fs::path part, Descriptor lock)
    : target_(std::move(target)), part_(std::move(part)), lock_(std::move(lock)) {}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!published_) fs::remove_all(part_, ignored);
}

Result<std::unique_ptr<NewFolder>> NewFolder::create(const fs::path& target) {
  std::error_code error;
  const fs::path place = fs::weakly_canonical(fs::absolute(target), error);
  if (error) return failed("use", target, error);
  const fs::path out = place.has_filename() ? place : place.parent_path();
  if (auto free = check_free(out); !free) return free.error();
  fs::create_directories(out.parent_path(), error);
  if (error) return failed("create", out.parent_path(), error);
  const fs::path part = out.parent_path() / fmt::format(".{}.part", out.filename().string());
  fs::create_directory(part, error);
  if (error) return failed("create", part, error);
  Descriptor lock(open(part.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock) return failed("open", part, last_error());
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0 || !is_at(lock.get(), part)) {
    return Error{.code = ErrorCode::held,
                 .message = fmt::format("{}: another hpo prepare is writing it", out.string()),
                 .hint = "wait for it, or choose another folder"};
  }
  auto folder = std::make_unique<NewFolder>(out, part, std::move(lock));
  for (const auto& entry : fs::directory_iterator(part, error)) {
    fs::remove_all(entry.path(), error);
    if (error) return failed("remove", entry.path(), error);
  }
  return folder;
}

Result<void> NewFolder::publish() {
  std::error_code error;
  fs::rename(part_, target_, error);
  if (error) return failed("rename the finished folder to", target_, error);
  published_ = true;
  return {};
}

}  // namespace hpo
