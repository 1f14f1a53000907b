#pragma once

#include <filesystem>
#include <memory>

#include "objectives/descriptor.h"
#include "objectives/error.h"

namespace hpo {

/// A folder that appears under its name only when it is complete.
///
/// It grows as `.NAME.part` beside its place, locked against a second writer, and is removed where
/// it is given up; what a killed process left is cleared by the next one.
class NewFolder {
 public:
  /// Error: usage (the place is taken), held (another process writes it), environment.
  static Result<std::unique_ptr<NewFolder>> create(const std::filesystem::path& target);

  NewFolder(std::filesystem::path target, std::filesystem::path part, Descriptor lock);
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  /// Where to write meanwhile.
  [[nodiscard]] const std::filesystem::path& part() const { return part_; }
  /// Gives the folder its name. Error: environment.
  Result<void> publish();

 private:
  std::filesystem::path target_;
  std::filesystem::path part_;
  Descriptor lock_;
  bool published_ = false;
};

}  // namespace hpo
