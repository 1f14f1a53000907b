#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "objectives/error.h"

struct archive;

namespace hpo {

/// One regular file in an archive.
struct PackageEntry {
  std::string name = {};  ///< relative, with '/', below the archive's root
  std::int64_t bytes = 0;
};

/// Reads a gzipped tar archive from its start to its end.
class PackageReader {
 public:
  /// Errors: not_found, corrupt, environment.
  static Result<PackageReader> open(const std::filesystem::path& package);

  /// The next regular file; false at the end. Error: corrupt, also for whatever is neither a folder
  /// nor a regular file, and for names that lead out of the archive's root.
  Result<bool> next(PackageEntry& entry);
  /// Calls `use` with the current entry's bytes. Error: corrupt, if there are more than `limit`.
  Result<void> read(std::int64_t limit, const std::function<Result<void>(std::string_view)>& use);

 private:
  struct Free {
    void operator()(archive* reader) const;
  };
  PackageReader(std::unique_ptr<archive, Free> reader, std::string package)
      : reader_(std::move(reader)), package_(std::move(package)) {}
  std::unique_ptr<archive, Free> reader_;
  std::string package_;
};

/// Writes one, of equal bytes for equal content.
class PackageWriter {
 public:
  /// `package` is for messages.
  static Result<PackageWriter> open(int descriptor, const std::filesystem::path& package);
  /// Announces the next file; exactly entry.bytes must be written.
  Result<void> begin(const PackageEntry& entry);
  Result<void> write(std::string_view bytes);
  Result<void> finish();

 private:
  struct Free {
    void operator()(archive* writer) const;
  };
  PackageWriter(std::unique_ptr<archive, Free> writer, std::string package)
      : writer_(std::move(writer)), package_(std::move(package)) {}
  [[nodiscard]] Error error(const char* what) const;
  std::unique_ptr<archive, Free> writer_;
  std::string package_;
};

/// The error of a damaged or hostile package.
Error bad_package(const std::string& package, const std::string& what);

}  // namespace hpo
