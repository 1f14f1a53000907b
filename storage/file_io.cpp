#include "storage/file_io.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "storage/random_id.h"

namespace hpo {

namespace fs = std::filesystem;

Error file_error(const fs::path& file, const char* what, int code) {
  const bool is_full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  return {.code = code == ENOENT ? ErrorCode::not_found : ErrorCode::environment,
          .message = fmt::format("{}: {} ({})", file.string(), what, std::strerror(code)),
          .hint = is_full ? "free space on that disk, then try again"
                          : "check that the path exists and that you may use it"};
}

Result<void> read_file(const fs::path& file,
                       const std::function<Result<void>(std::string_view)>& use) {
  const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor) return file_error(file, "cannot read", errno);
  std::vector<char> block(std::size_t{1} << 18U);
  while (true) {
    const auto length = read(descriptor.get(), block.data(), block.size());
    if (length == 0) return {};
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return file_error(file, "cannot read", errno);
    if (auto used = use({block.data(), static_cast<std::size_t>(length)}); !used) return used;
  }
}

Result<OutputFile> OutputFile::create(const fs::path& file, const fs::path& shown) {
  Descriptor descriptor(open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!descriptor) return file_error(shown, "cannot write", errno);
  return OutputFile(std::move(descriptor), shown);
}

Result<void> OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto length = ::write(descriptor_.get(), bytes.data(), bytes.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return file_error(shown_, "cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
  return {};
}

Result<void> OutputFile::sync() {
  if (fsync(descriptor_.get()) == 0) return {};
  return file_error(shown_, "cannot write to disk", errno);
}

Draft::Draft(const fs::path& target)
    : target_(fs::absolute(target)),
      path_(target_.parent_path() /
            fmt::format(".{}.{}", target.filename().string(), random_study_id().substr(0, 8))) {}

Draft::~Draft() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<void> Draft::publish() {
  std::error_code failed;
  fs::rename(path_, target_, failed);
  if (failed) return file_error(target_, "cannot be replaced", failed.value());
  sync_folder(target_.parent_path());
  return {};
}

void sync_folder(const fs::path& folder) {
  const Descriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor) fsync(descriptor.get());  // some file systems cannot; nothing is better then
}

}  // namespace hpo
