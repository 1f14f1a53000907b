#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace hpo {

/// The paths inside a trial's folder, which is laid out as SageMaker lays out /opt/ml (training
/// container contract); the engine's own files lie beside them. One log per attempt holds what the
/// trial wrote to stdout and stderr, in the order in which it was written.
struct TrialDirectory {
  std::filesystem::path root = {};  ///< <study folder>/<number>

  [[nodiscard]] std::filesystem::path hyperparameters() const {
    return root / "input/config/hyperparameters.json";
  }
  [[nodiscard]] std::filesystem::path input_data_config() const {
    return root / "input/config/inputdataconfig.json";
  }
  [[nodiscard]] std::filesystem::path resource_config() const {
    return root / "input/config/resourceconfig.json";
  }
  [[nodiscard]] std::filesystem::path channel(const std::string& name) const {
    return root / "input/data" / name;
  }
  [[nodiscard]] std::filesystem::path model() const { return root / "model"; }
  [[nodiscard]] std::filesystem::path checkpoints() const { return root / "checkpoints"; }
  [[nodiscard]] std::filesystem::path output_data() const { return root / "output/data"; }
  [[nodiscard]] std::filesystem::path failure() const { return root / "output/failure"; }
  [[nodiscard]] std::filesystem::path log(int attempt) const {
    return root / ("attempt-" + std::to_string(attempt) + ".log");
  }
};

/// The folder of a trial in its study's folder (storage/study_store.h: study_folder).
inline TrialDirectory trial_directory(const std::filesystem::path& study_folder,
                                      std::int64_t number) {
  return {.root = study_folder / std::to_string(number)};
}

}  // namespace hpo
