#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <utility>

#include "objectives/descriptor.h"
#include "objectives/error.h"

namespace hpo::batch {

/// A file that no other process of hpo has open, until this object or its process ends.
class LockedFile {
 public:
  /// Opens it, or creates it empty with the folders above it. Errors: held (by another process),
  /// environment.
  static Result<LockedFile> open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Keeps its first `size` bytes; what is added comes behind them.
  Result<void> keep(std::size_t size);
  Result<void> add(std::string_view text);
  Result<void> remove();

 private:
  LockedFile(std::filesystem::path path, Descriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}
  std::filesystem::path path_;
  Descriptor file_;
};

}  // namespace hpo::batch
