#pragma once

#include <filesystem>
#include <fstream>

namespace hpo::cli {

/// Copies a growing log to stderr.
class TrainingLog {
 public:
  explicit TrainingLog(std::filesystem::path file) : file_(std::move(file)) {}

  /// Copies what was written since the last call; nothing while the file is not there.
  void print_new();

 private:
  std::filesystem::path file_;
  std::ifstream in_ = {};
};

}  // namespace hpo::cli
