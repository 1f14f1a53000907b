#include "storage/writer_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

namespace hpo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "writer.lock";
constexpr std::chrono::milliseconds kNap{5};
constexpr int kPatience = 200;  // naps: a second

Error environment(const fs::path& path, const char* what, int code) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("{}: {} ({})", path.string(), what, std::strerror(code)),
          .hint = "the study's folder must be on a disk that you may write and that knows locks"};
}

Error held(const fs::path& file, std::optional<int> pid) {
  const auto study = file.parent_path().filename().string();
  if (pid == getpid()) {
    return {.code = ErrorCode::held,
            .message =
                fmt::format("study \"{}\" is already open in this process (pid {})", study, *pid),
            .hint = "close it first"};
  }
  return {.code = ErrorCode::held,
          .message = fmt::format("study \"{}\" is held by process {}", study,
                                 pid ? std::to_string(*pid) : std::string("(of unknown pid)")),
          .hint =
              "wait until it ends, or stop it with `hpo stop`; looking (`hpo status`) is always "
              "possible"};
}

// Locks of the open file description (not flock): they can be asked about without being taken, and
// closing another descriptor of the file, as every look does, does not drop them.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

bool is_same_file(int descriptor, const fs::path& file) {
  struct stat mine {};
  struct stat named {};
  return fstat(descriptor, &mine) == 0 && stat(file.c_str(), &named) == 0 &&
         mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

std::optional<int> read_pid(int descriptor) {
  std::array<char, 16> text{};
  const auto length = pread(descriptor, text.data(), text.size(), 0);
  int pid = 0;
  if (length <= 0) return std::nullopt;
  const auto parsed = std::from_chars(text.data(), text.data() + length, pid);
  if (parsed.ec != std::errc{} || pid <= 0) return std::nullopt;
  return pid;
}

bool is_alive(int pid) { return kill(pid, 0) == 0 || errno == EPERM; }

/// A dead holder's lock lives on for a moment in a process that it had just forked, until that
/// process starts its program.
bool is_about_to_end(const std::optional<int>& holder) { return holder && !is_alive(*holder); }

/// The pid in a file that is locked. A holder writes it right after it took the lock, so until then
/// the file is empty or names a dead one.
std::optional<int> pid_of_holder(int descriptor) {
  std::optional<int> pid;
  for (int attempt = 0; attempt < 20; ++attempt) {
    pid = read_pid(descriptor);
    if (pid && is_alive(*pid)) return pid;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return pid;
}

bool write_pid(int descriptor) {
  const auto text = fmt::format("{}\n", getpid());
  return ftruncate(descriptor, 0) == 0 &&
         pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

}  // namespace

Result<WriterLock> WriterLock::acquire(const fs::path& study_folder) {
  const auto file = study_folder / kFileName;
  for (int attempt = 1;; ++attempt) {
    std::error_code failed;
    fs::create_directories(study_folder, failed);
    if (failed) return environment(study_folder, "cannot make the study's folder", failed.value());
    Descriptor descriptor(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!descriptor && errno == ENOENT) continue;  // the folder was just removed
    if (!descriptor) return environment(file, "cannot make the study's lock", errno);
    auto wanted = whole_file();
    if (fcntl(descriptor.get(), F_OFD_SETLK, &wanted) != 0) {
      if (errno != EAGAIN && errno != EACCES) return environment(file, "cannot lock", errno);
      const auto pid = pid_of_holder(descriptor.get());
      if (!is_about_to_end(pid) || attempt >= kPatience) return held(file, pid);
      std::this_thread::sleep_for(kNap);
      continue;
    }
    // The folder may have been renamed or removed between open and lock.
    if (!is_same_file(descriptor.get(), file)) continue;
    if (!write_pid(descriptor.get())) return environment(file, "cannot write the pid", errno);
    return WriterLock(std::move(descriptor), file);
  }
}

bool WriterLock::is_in_place() const { return is_same_file(descriptor_.get(), file_); }

std::optional<int> lock_holder(const fs::path& study_folder) {
  const Descriptor descriptor(open((study_folder / kFileName).c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor) return std::nullopt;
  auto asked = whole_file();
  const bool locked = fcntl(descriptor.get(), F_OFD_GETLK, &asked) == 0 && asked.l_type != F_UNLCK;
  return locked ? pid_of_holder(descriptor.get()) : std::nullopt;
}

}  // namespace hpo
