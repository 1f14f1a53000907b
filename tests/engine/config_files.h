#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/tuning_config.h"
#include "tests/support/temp_folder.h"

namespace hpo {

/// A folder of real files around one tuning file; removed at the end.
class ConfigFolder {
 public:
  ConfigFolder() {
    std::filesystem::create_directories(folder_ / "data/train");
    std::filesystem::create_directories(folder_ / "data/validation");
    write("train.py", "print('loss: 1')\n");
  }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return folder_ / name;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  [[nodiscard]] LoadedConfig load(const std::string& yaml,
                                  const std::vector<Override>& overrides = {},
                                  ConfigUse use = ConfigUse::study) const {
    write("tuning.yaml", yaml);
    return load_tuning_config(folder_ / "tuning.yaml", overrides, use);
  }

 private:
  TempFolder folder_ = {};
};

/// A small valid file whose parts a test replaces.
struct TuningText {
  std::string study = "study: test\n";
  std::string objective = "objective: {metric: loss, goal: minimize}\n";
  std::string parameters = "parameters:\n  lr: {type: float, min: 0.1, max: 0.9}\n";
  std::string trial = "trial: {command: [sh, train.py], metrics: {loss: 'loss: (\\S+)'}}\n";
  std::string limits = "limits: {trials: 5}\n";
  std::string rest = {};

  [[nodiscard]] std::string text() const {
    return study + objective + parameters + trial + limits + rest;
  }
};

/// Messages, for matchers and failures.
inline std::vector<std::string> messages(const std::vector<Diagnostic>& list) {
  std::vector<std::string> texts;
  for (const auto& diagnostic : list) texts.push_back(diagnostic.message);
  return texts;
}

inline std::string rendered(const std::vector<Diagnostic>& list) {
  std::string text;
  for (const auto& diagnostic : list) text += render(diagnostic) + "\n";
  return text;
}

}  // namespace hpo
