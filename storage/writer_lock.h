#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "objectives/descriptor.h"
#include "objectives/error.h"

namespace hpo {

/// The right to write one study: a lock on `writer.lock` in the study's folder, which the kernel
/// takes back when the process dies, however it dies. The file names the holder's pid.
class WriterLock {
 public:
  /// Makes the folder where it is missing. Errors: held, with the pid; environment.
  static Result<WriterLock> acquire(const std::filesystem::path& study_folder);

  /// Whether the folder still is where it was: else another process could lock a new one.
  [[nodiscard]] bool is_in_place() const;

 private:
  WriterLock(Descriptor descriptor, std::filesystem::path file)
      : descriptor_(std::move(descriptor)), file_(std::move(file)) {}
  Descriptor descriptor_;
  std::filesystem::path file_;
};

/// The pid of the process that holds the lock, if one does. Only asks: never in a writer's way. Of
/// a holder in another pid namespace or on another machine it is the pid as seen there.
std::optional<int> lock_holder(const std::filesystem::path& study_folder);

}  // namespace hpo
