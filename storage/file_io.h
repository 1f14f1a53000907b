#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "objectives/descriptor.h"
#include "objectives/error.h"

namespace hpo {

/// Calls `use` with the file's bytes, piece by piece. Errors: not_found, environment, those of
/// `use`.
Result<void> read_file(const std::filesystem::path& file,
                       const std::function<Result<void>(std::string_view)>& use);

/// A new file that is being written.
class OutputFile {
 public:
  /// Error: environment, also if a file of that name exists. `shown` is the name for messages.
  static Result<OutputFile> create(const std::filesystem::path& file,
                                   const std::filesystem::path& shown);

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }
  Result<void> write(std::string_view bytes);
  /// Its content is on disk.
  Result<void> sync();

 private:
  OutputFile(Descriptor descriptor, std::filesystem::path shown)
      : descriptor_(std::move(descriptor)), shown_(std::move(shown)) {}
  Descriptor descriptor_;
  std::filesystem::path shown_;
};

/// A hidden name beside `target` that nothing has, removed at the end with all it holds, unless it
/// was renamed to its target.
class Draft {
 public:
  explicit Draft(const std::filesystem::path& target);
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Takes the target's place at once; the folder's entry is on disk then.
  Result<void> publish();

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
};

/// Makes a folder's entries durable where the file system can.
void sync_folder(const std::filesystem::path& folder);

/// An error of a system call on a path: environment, with the reason and what to do.
Error file_error(const std::filesystem::path& file, const char* what, int code);

}  // namespace hpo
