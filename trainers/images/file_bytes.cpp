#include "trainers/images/file_bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "objectives/descriptor.h"

namespace hpo {
namespace {

constexpr std::int64_t kMaxFileBytes = 512LL * 1024 * 1024;

Error system_failure(const std::filesystem::path& path, const char* what) {
  const int number = errno;
  const ErrorCode code = number == ENOENT ? ErrorCode::not_found : ErrorCode::environment;
  return Error{.code = code,
               .message = fmt::format("{}: cannot {}: {}", path.string(), what,
                                      std::generic_category().message(number))};
}

}  // namespace

Result<std::vector<std::uint8_t>> read_file_bytes(const std::filesystem::path& path) {
  // Without O_NONBLOCK a FIFO in a photo folder would block for ever.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (!file || fstat(file.get(), &status) != 0) return system_failure(path, "open");
  if (!S_ISREG(status.st_mode) || status.st_size > kMaxFileBytes) {
    const char* reason = S_ISREG(status.st_mode) ? "is larger than 512 MiB" : "is not a file";
    return Error{.code = ErrorCode::corrupt,
                 .message = fmt::format("{}: {}", path.string(), reason)};
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = read(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure(path, "read");
    if (count == 0) break;  // it became shorter meanwhile
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

Result<void> write_file_bytes(const std::filesystem::path& path,
                              std::span<const std::uint8_t> bytes) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) return system_failure(path, "create");
  while (!bytes.empty()) {
    const ssize_t count = write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure(path, "write");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace hpo
