#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/bird_options.h"
#include "trainers/checkpoint.h"
#include "trainers/frozen_inputs.h"
#include "trainers/network.h"
#include "trainers/trainer.h"
#include "trainers/training_progress.h"
#include "trainers/tuned_layers.h"

namespace hpo {

/// The channels as a phase sees them.
struct PhaseInputs {
  FrozenInputs train;
  std::optional<FrozenInputs> validation = {};
};

/// What a training loop works on; all of it outlives the loop.
struct TrainingSetup {
  BirdNetwork& network;
  const BirdOptions& options;
  const TrainContext& context;
  std::uint64_t seed = 0;
  ViewPlan views = {};            ///< of the training photos
  at::Tensor train_labels = {};   ///< on the network's device, as validation_labels
  at::Tensor class_weights = {};  ///< as TunedLayers takes them
  at::Tensor validation_labels = {};
  std::vector<TrainingPhase> phases = {};  ///< each trains what the one before trained, or more
  std::function<Result<PhaseInputs>(const TrainingPhase&)> inputs = {};
  CheckpointFolder checkpoints;
};

/// Runs the phases, from the checkpoint where there is one, and leaves the tensors to keep in the
/// network. Reports the metrics of every epoch, also of those before the checkpoint, so that an
/// attempt's log is whole. Errors: numerical (NaN or infinite loss), environment.
Result<TrainedModel> run_training(TrainingSetup& setup);

}  // namespace hpo
