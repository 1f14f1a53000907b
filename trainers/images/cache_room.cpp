// A reader holds a shared flock on its .blob, a filler an exclusive one on the key's .lock; the
// evictor tries both without waiting, so it can neither deadlock nor take a file from anybody.

#include "trainers/images/cache_room.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

namespace hpo {
namespace {

namespace fs = std::filesystem;

struct CacheFile {
  fs::path path = {};
  std::uint64_t bytes = 0;
  std::int64_t used_ns = 0;
  bool is_half = false;  ///< a .part
};

std::vector<CacheFile> files_in(const fs::path& folder) {
  std::vector<CacheFile> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const fs::path extension = entry.path().extension();
    struct stat status = {};
    if (extension != ".blob" && extension != ".part") continue;
    if (::stat(entry.path().c_str(), &status) != 0) continue;
    files.push_back({.path = entry.path(),
                     .bytes = static_cast<std::uint64_t>(status.st_size),
                     .used_ns = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec,
                     .is_half = extension == ".part"});
  }
  std::sort(files.begin(), files.end(), [](const CacheFile& a, const CacheFile& b) {
    if (a.is_half != b.is_half) return a.is_half;
    return a.used_ns != b.used_ns ? a.used_ns < b.used_ns : a.path < b.path;
  });
  return files;
}

/// Whether it was nobody's and is gone.
bool remove_unused(const CacheFile& file) {
  const fs::path held = file.is_half ? fs::path(file.path).replace_extension(".lock") : file.path;
  const Descriptor holder(::open(held.c_str(), O_RDONLY | O_CLOEXEC));
  if (holder && ::flock(holder.get(), LOCK_EX | LOCK_NB) != 0) return false;
  return ::unlink(file.path.c_str()) == 0;
}

std::optional<Descriptor> lock_folder(const fs::path& folder, std::string& reason) {
  const fs::path file = folder / "room.lock";
  Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  int failed = lock ? 0 : errno;
  while (failed == 0 && ::flock(lock.get(), LOCK_EX) != 0) {
    if (errno != EINTR) failed = errno;
  }
  if (failed == 0) return lock;
  reason =
      fmt::format("cannot lock {} ({})", file.string(), std::generic_category().message(failed));
  return {};
}

}  // namespace

std::optional<CacheRoom> CacheRoom::make(const fs::path& folder, std::uint64_t bytes,
                                         std::uint64_t max_bytes, std::string& reason) {
  auto lock = lock_folder(folder, reason);
  if (!lock) return {};
  CacheRoom room(*std::move(lock));
  if (max_bytes == kNoLimit) return room;
  const auto files = files_in(folder);
  std::uint64_t used = 0;
  for (const auto& file : files) used += file.bytes;
  const auto fits = [&] { return bytes <= max_bytes && used <= max_bytes - bytes; };
  if (bytes <= max_bytes) {
    for (const auto& file : files) {
      if (fits()) break;
      if (remove_unused(file)) used -= file.bytes;
    }
  }
  if (fits()) return room;
  reason = fmt::format("{} MiB more would exceed the cache's {} MiB (cache.max)", bytes >> 20U,
                       max_bytes >> 20U);
  return {};
}

void use_now(const Descriptor& file) {
  // The results are of no consequence: see the header.
  if (::futimens(file.get(), nullptr) != 0) errno = 0;
  if (::flock(file.get(), LOCK_SH | LOCK_NB) != 0) errno = 0;
}

}  // namespace hpo
