#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hpo {

/// The metrics of each complete epoch.
using TrainingHistory = std::vector<std::map<std::string, double>>;

/// How long the phases last and how their learning rate changes.
struct TrainingSchedule {
  struct Phase {
    std::int64_t epochs = 0;
    double lr = 0;  ///< at its beginning
  };
  std::vector<Phase> phases = {};
  /// constant | cosine: falls to 0 over the phase | plateau: halves after lr_patience epochs
  /// without a better loss.
  std::string rule = "constant";
  std::int64_t lr_patience = 5;
  std::int64_t early_stop = 0;  ///< so many epochs without a better loss end a phase; 0: none do
};

/// Where a training stands. Everything follows from the history, so a checkpoint needs no more.
struct TrainingProgress {
  std::size_t phase = 0;   ///< of the next epoch; as many as there are: the training is over
  std::int64_t begin = 0;  ///< epochs before that phase
};

/// The loss is that of the validation photos where there are any. Better is lower by a ten
/// thousandth at least (Keras' min_delta).
TrainingProgress progress_of(const TrainingSchedule& schedule, const TrainingHistory& history);

/// The learning rate of the next epoch. The training is not over.
double rate_of(const TrainingSchedule& schedule, const TrainingHistory& history);

}  // namespace hpo
