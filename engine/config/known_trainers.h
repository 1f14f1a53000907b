#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hpo::config {

/// What a tuning file may count on about a built-in training program, which this module cannot ask:
/// trainers live behind their own executable.
struct KnownTrainer {
  std::string name = {};
  std::vector<std::string> metrics = {};   ///< reports at the end of each epoch
  std::vector<std::string> channels = {};  ///< needs them
};

/// The built-in training programs (`trial.trainer`).
const std::vector<KnownTrainer>& known_trainers();

/// The entry of that name, or null.
const KnownTrainer* find_trainer(std::string_view name);

}  // namespace hpo::config
