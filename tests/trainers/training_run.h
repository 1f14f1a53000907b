#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/trainers/images/photo_files.h"
#include "trainers/trainer.h"

namespace hpo {

/// A trainer's smallest sensible problem: drawn photos of a few species, and hyperparameters that
/// train in a fraction of a second.
struct TinyProblem {
  std::filesystem::path train = {};
  std::filesystem::path validation = {};
  Configuration hyperparameters = {};
  /// More of the same with which the training loss falls well below its start.
  Configuration thorough = {};
};

/// The problem of that trainer, its photos below `folder`. Fails the test for a trainer without
/// one.
TinyProblem tiny_problem(std::string_view trainer, const std::filesystem::path& folder);

/// One trial: a folder of its own, and what a training reported.
struct TrainingRun {
  TrainContext context = {};
  std::vector<std::string> reports = {};  ///< `step metric value`, in order
  std::vector<std::string> log = {};

  /// Lays out `folder`; the context's functions write into this object, which must stay where it
  /// is.
  TrainingRun(const TinyProblem& problem, const std::filesystem::path& folder);
  TrainingRun(const TrainingRun&) = delete;
  TrainingRun& operator=(const TrainingRun&) = delete;

  Result<TrainedModel> run(std::string_view trainer, const Configuration& hyperparameters);
  /// The same, asked to stop when it has polled `polls` times.
  Result<TrainedModel> run_until(std::string_view trainer, const Configuration& hyperparameters,
                                 int polls);
  /// Bytes of the model's weights.
  [[nodiscard]] Bytes weights() const;
  /// Values of a metric, in order of the steps.
  [[nodiscard]] std::vector<double> values(const std::string& metric) const;
};

}  // namespace hpo
