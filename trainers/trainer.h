#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/configuration.h"
#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// Everything a training gets besides its hyperparameters: one trial's folder and its lease.
struct TrainContext {
  std::map<std::string, std::filesystem::path, std::less<>> channels = {};  ///< name → folder
  std::filesystem::path model = {};        ///< where the trained model goes
  std::filesystem::path checkpoints = {};  ///< where it is resumed from
  std::filesystem::path cache = {};        ///< shared by the study's trials; empty: memory only
  std::uint64_t cache_max = std::uint64_t{20} << 30U;  ///< bytes of that folder
  std::uint64_t seed = 0;
  int threads = 1;
  bool gpu = false;  ///< a GPU is leased: it is used, or the training fails
  double checkpoint_interval_s =
      2;  ///< between checkpoints; longer where one takes over 1/50 of it
  /// Decides which epoch's model is kept (ValueRule::best); nothing: the last one.
  std::optional<ObjectiveSpec> objective = {};

  /// One metric of one epoch; steps count from 1 over all phases. May be NaN.
  std::function<void(std::string_view metric, double value, std::int64_t step)> report = {};
  std::function<void(const std::string& line)> log = {};  ///< for people
  /// Polled after every batch; true ends the training early, with checkpoint and model.
  std::function<bool()> stop_requested = {};
};

/// What a training leaves behind.
struct TrainedModel {
  std::map<std::string, double> metrics = {};  ///< of the epoch whose model was kept
  std::int64_t epoch = 0;                      ///< that epoch; 0: none was complete
  bool stopped = false;                        ///< it was asked to end before it was done
};

/// A built-in training program: same hyperparameters, data, seed and threads give the same model,
/// bit for bit, also when it was stopped or killed in between and resumed from its checkpoints.
class Trainer {
 public:
  virtual ~Trainer() = default;

  /// Trains, or goes on where the checkpoints end, and writes the model to context.model.
  /// Errors: usage (hyperparameters, data), environment (device, disk), corrupt (weights),
  /// numerical (the loss became NaN or infinite; reported as such before).
  virtual Result<TrainedModel> train(const Configuration& hyperparameters,
                                     const TrainContext& context) = 0;
};

/// The built-in trainer of that name. Error: unknown name, with the known ones.
Result<std::unique_ptr<Trainer>> make_trainer(std::string_view name);

/// Names that make_trainer knows, in the table's order.
std::vector<std::string_view> trainer_names();

}  // namespace hpo
