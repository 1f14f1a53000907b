#include "engine/supervisor/lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace hpo::supervision {
namespace {

struct flock whole_file() {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return range;
}

std::filesystem::path lock_file(const std::filesystem::path& root) {
  return root / "supervisor.lock";
}

}  // namespace

int take_lock(const std::filesystem::path& root) {
  const int descriptor = open(lock_file(root).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) return -errno;
  struct flock range = whole_file();
  if (fcntl(descriptor, F_SETLK, &range) == 0) return descriptor;
  const int error = errno == EACCES ? EAGAIN : errno;  // POSIX allows either
  close(descriptor);
  return -error;
}

std::optional<pid_t> lock_holder(const std::filesystem::path& root) {
  const int descriptor = open(lock_file(root).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  struct flock range = whole_file();
  const bool known = fcntl(descriptor, F_GETLK, &range) == 0;
  close(descriptor);
  if (!known || range.l_type == F_UNLCK) return std::nullopt;
  return range.l_pid > 0 ? range.l_pid : 0;
}

}  // namespace hpo::supervision
