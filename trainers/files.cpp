#include "trainers/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "objectives/sha256.h"
#include "trainers/images/file_bytes.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) return errno;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

/// Creates and fills the file; 0 or errno.
int write_new(const fs::path& file, std::string_view bytes) {
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (out < 0) return errno;
  const int code = write_all(out, bytes);
  return ::close(out) != 0 && code == 0 ? errno : code;
}

}  // namespace

Result<std::string> read_text(const fs::path& file) {
  return read_file_bytes(file).transform(
      [](const std::vector<std::uint8_t>& bytes) { return std::string(as_text(bytes)); });
}

Result<void> write_atomically(const fs::path& file, std::string_view text) {
  std::error_code failed;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), failed);
  const fs::path temporary = fmt::format("{}.{}.tmp", file.string(), ::getpid());
  int code = write_new(temporary, text);
  if (code == 0 && std::rename(temporary.c_str(), file.c_str()) != 0) code = errno;
  if (code == 0) return {};
  ::unlink(temporary.c_str());
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("{}: cannot write: {}", file.string(),
                                      std::generic_category().message(code))};
}

Result<void> write_atomically(const fs::path& file, std::span<const std::uint8_t> bytes) {
  return write_atomically(file, as_text(bytes));
}

std::string sha256_hex(std::span<const std::uint8_t> bytes) { return hex(sha256(as_text(bytes))); }

}  // namespace hpo
