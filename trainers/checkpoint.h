#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/tensors.h"

namespace hpo {

/// How far a training is. Random draws depend on seed, epoch and batch alone, so this, the tensors
/// and the optimizer's moments are all there is to save.
struct TrainingState {
  std::size_t phase = 0;   ///< to which the optimizer's archive belongs
  std::int64_t batch = 0;  ///< complete ones of the epoch that is under way
  double loss_sum = 0;     ///< over their photos
  std::int64_t correct = 0;
  std::vector<std::map<std::string, double>> history = {};  ///< metrics of each complete epoch
  std::int64_t best_epoch = 0;                              ///< whose tensors are kept; 0: none

  [[nodiscard]] std::int64_t epoch() const { return static_cast<std::int64_t>(history.size()); }
};

/// Everything needed to go on as if nothing had happened.
struct Checkpoint {
  TrainingState state = {};
  TensorMap tensors = {};      ///< all that training may have changed
  std::string optimizer = {};  ///< its archive
  TensorMap best = {};         ///< the tensors of best_epoch
};

/// The checkpoint of one training in its folder: checkpoint.json names the files of the newest
/// state with their SHA-256, and is replaced last, so at any moment one whole checkpoint is there.
class CheckpointFolder {
 public:
  /// fingerprint: names everything the training depends on; a checkpoint of another is not used.
  CheckpointFolder(std::filesystem::path folder, std::string fingerprint);

  /// What to go on from; nothing where there is none. A damaged or foreign one is none either, and
  /// `notice` says so.
  std::optional<Checkpoint> load(std::string& notice) const;

  /// Error: environment (disk full, no permission).
  Result<void> save(const Checkpoint& checkpoint);

 private:
  std::filesystem::path folder_;
  std::string fingerprint_;
};

}  // namespace hpo
