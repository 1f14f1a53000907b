#include "engine/resources/unit_locks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hpo::resources {
namespace {

constexpr off_t kUnitBytes = sizeof(std::int32_t);

struct flock range_lock(short type, std::int64_t first, std::int64_t count) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = first * kUnitBytes;
  lock.l_len = count * kUnitBytes;
  return lock;
}

/// A lock that overlaps [first, end), or nothing.
std::optional<struct flock> conflict(int descriptor, std::int64_t first, std::int64_t end) {
  struct flock lock = range_lock(F_WRLCK, first, end - first);
  if (fcntl(descriptor, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  return lock;
}

/// Opens what is there first: with O_CREAT the kernel refuses other users' files in a sticky folder
/// (fs.protected_regular). The second round is for a file that another process creates meanwhile.
int open_shared(const char* path) {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  for (int round = 0; round < 2; ++round) {
    const int found = ::open(path, kFlags);
    if (found >= 0 || errno != ENOENT) return found;
    const int created = ::open(path, kFlags | O_CREAT | O_EXCL, 0666);
    if (created >= 0) {
      // Against the umask; should it fail, the file serves this user only.
      [[maybe_unused]] const int mode = fchmod(created, 0666);
      return created;
    }
    if (errno != EEXIST) return created;
  }
  return ::open(path, kFlags);
}

Result<Descriptor> open_lock_file(const std::filesystem::path& path) {
  Descriptor descriptor(open_shared(path.c_str()));
  if (!descriptor) {
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("cannot open the lock file {}: {}", path.string(),
                                        std::strerror(errno)),
                 .hint =
                     "set HPO_LOCK_DIR to a folder that every user of this machine's devices "
                     "can write to"};
  }
  return descriptor;
}

}  // namespace

Result<LockFile> LockFile::open(const std::filesystem::path& path) {
  auto look = open_lock_file(path);
  if (!look) return look.error();
  LockFile file;
  file.path_ = path;
  file.look_ = std::move(*look);
  return file;
}

std::vector<LockFile::Run> LockFile::free_runs(std::int64_t device) const {
  std::vector<Run> free;
  // GETLK answers any one of the overlapping locks, so what lies to its left and right is looked at
  // in turn.
  std::vector<Run> unseen = {{.first = device * kDeviceUnits, .count = kDeviceUnits}};
  while (!unseen.empty()) {
    const Run run = unseen.back();
    unseen.pop_back();
    const std::int64_t end = run.first + run.count;
    const auto taken = conflict(look_.get(), run.first, end);
    if (!taken) {
      free.push_back(run);
      continue;
    }
    const std::int64_t taken_first = taken->l_start / kUnitBytes;
    const std::int64_t taken_end =
        taken->l_len == 0 ? end : (taken->l_start + taken->l_len) / kUnitBytes;
    if (taken_end < end) unseen.push_back({.first = taken_end, .count = end - taken_end});
    if (taken_first > run.first) {
      unseen.push_back({.first = run.first, .count = taken_first - run.first});
    }
  }
  return free;
}

int LockFile::free_units(std::int64_t device) const {
  std::int64_t sum = 0;
  for (const Run& run : free_runs(device)) sum += run.count;
  return static_cast<int>(sum);
}

std::optional<int> LockFile::holder(std::int64_t device) const {
  const std::int64_t first = device * kDeviceUnits;
  const auto taken = conflict(look_.get(), first, first + kDeviceUnits);
  if (!taken) return std::nullopt;
  std::int32_t pid = 0;
  const off_t place = std::max<off_t>(taken->l_start, first * kUnitBytes);
  if (pread(look_.get(), &pid, sizeof pid, place) != sizeof pid) return 0;
  return pid;
}

Result<Descriptor> LockFile::open_for_lease() const { return open_lock_file(path_); }

bool LockFile::lock(const Descriptor& lease, std::int64_t device, int units) const {
  std::int64_t missing = units;
  for (const Run& run : free_runs(device)) {
    if (missing == 0) break;
    const std::int64_t count = std::min(run.count, missing);
    struct flock wanted = range_lock(F_WRLCK, run.first, count);
    if (fcntl(lease.get(), F_OFD_SETLK, &wanted) != 0) return false;  // another was quicker
    const std::int32_t pid = getpid();
    // Only a note for people: a full disk must not cost the lease.
    [[maybe_unused]] const auto written = pwrite(lease.get(), &pid, sizeof pid, wanted.l_start);
    missing -= count;
  }
  return missing == 0;
}

}  // namespace hpo::resources
