#pragma once

#include <filesystem>
#include <memory>

#include "objectives/error.h"
#include "trainers/classifier.h"

namespace hpo::cli {

/// A model's folder: the user's own, or a package's content, which is removed at the end.
class ModelSource {
 public:
  ModelSource(std::filesystem::path folder, bool temporary)
      : folder_(std::move(folder)), temporary_(temporary) {}
  ModelSource(ModelSource&& other) noexcept;
  ModelSource& operator=(ModelSource&& other) noexcept;
  ModelSource(const ModelSource&) = delete;
  ModelSource& operator=(const ModelSource&) = delete;
  ~ModelSource();

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  void remove();
  std::filesystem::path folder_ = {};
  bool temporary_ = false;
};

/// The folder, or the package unpacked below TMPDIR with every sum checked.
/// Errors: not_found, corrupt, environment.
Result<ModelSource> open_model(const std::filesystem::path& model);

/// open_model and load_classifier; the weights are in memory, so nothing is left behind.
Result<std::unique_ptr<Classifier>> load_model(const std::filesystem::path& model);

}  // namespace hpo::cli
