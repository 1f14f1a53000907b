#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/bird_options.h"
#include "trainers/network.h"

namespace torch::optim {
class Optimizer;
}

namespace hpo {

/// Some epochs in which the same layers are trained at the same rate.
struct TrainingPhase {
  std::size_t cut = 0;  ///< blocks before it are frozen
  std::int64_t epochs = 0;
  double lr = 0;
  /// BatchNorm by batch statistics: only where the network is trained from scratch. Statistics of
  /// a few photos would ruin those of ImageNet.
  bool batch_statistics = false;
};

/// What a batch gave.
struct BatchResult {
  double loss = 0;  ///< mean over the batch; may be NaN or infinite
  std::int64_t correct = 0;
};

/// The layers that a phase trains, with their optimizer. While it lives, their tensors in the
/// network collect gradients.
class TunedLayers {
 public:
  /// class_weights: of each class's photos in the training loss; undefined: all alike.
  TunedLayers(BirdNetwork& network, const BirdOptions& options, const TrainingPhase& phase,
              at::Tensor class_weights = {});
  TunedLayers(const TunedLayers&) = delete;
  TunedLayers& operator=(const TunedLayers&) = delete;
  ~TunedLayers();

  /// The learning rate of the steps to come.
  void set_rate(double lr);

  /// One step of the optimizer. x: what the frozen layers give; labels: class indices; seed: of
  /// this batch's dropout. With a loss that is not finite nothing is changed.
  BatchResult train(const at::Tensor& x, const at::Tensor& labels, std::uint64_t seed);

  /// Loss and hits without training.
  [[nodiscard]] BatchResult measure(const at::Tensor& x, const at::Tensor& labels) const;

  /// All tensors that this phase may change, those of BatchNorm's statistics too.
  [[nodiscard]] TensorMap tensors() const;

  /// The optimizer's moments, and back. Error: corrupt.
  [[nodiscard]] std::string archive() const;
  Result<void> restore(const std::string& archive);

 private:
  BirdNetwork& network_;
  const BirdOptions& options_;
  TrainingPhase phase_;
  at::Tensor class_weights_;
  std::vector<at::Tensor> parameters_ = {};
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

/// Names of the tensors that a phase with that cut may change.
std::vector<std::string> tuned_names(const BirdNetwork& network, std::size_t cut);

}  // namespace hpo
