#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "objectives/configuration.h"
#include "objectives/error.h"
#include "trainers/images/augment.h"

namespace hpo {

/// Hyperparameters of `bird_classifier`. The defaults are the workshop's: one training with no
/// hyperparameter given is what its notebooks run.
struct BirdOptions {
  std::string backbone = "mobilenet_v2";  ///< or resnet50
  std::int64_t image_size = 128;          ///< pixels of each side, 32 to 512
  std::int64_t batch_size = 16;

  std::int64_t initial_epochs = 5;  ///< of the head on the frozen backbone
  double initial_lr = 1e-3;
  std::int64_t fine_tuning_epochs = 35;  ///< of head and upper blocks together
  double fine_tuning_lr = 1e-4;
  /// The first block that fine-tuning changes: 0 is everything, 19 the head alone. A number,
  /// torchvision's name of it (`features.13`; of resnet50 `layer4.0`, which is 14), `all` or
  /// `head`.
  std::int64_t fine_tune_from = 13;

  std::string lr_schedule = "constant";  ///< constant | cosine | plateau (TrainingSchedule::rule)
  std::int64_t lr_patience = 5;          ///< of plateau, in epochs
  /// Epochs without a better validation loss that end a phase; 0: it has all of its epochs.
  std::int64_t early_stop = 0;

  std::string optimizer = "adam";  ///< adam | sgd | rmsprop
  double momentum = 0.9;           ///< of sgd and rmsprop
  double weight_decay = 0;
  double label_smoothing = 0;
  /// balanced: the training loss weighs a photo by the inverse of its class's share.
  std::string class_weights = "none";
  double dropout = 0.5;  ///< before the last layer
  std::int64_t num_fully_connected_layers = 1;
  std::int64_t num_unit_per_layer = 256;

  /// What views of a photo differ by: none | flip (left and right) | zoom (and crops down to 85 %)
  /// | crop (down to 70 %) | workshop (also top and bottom, turned by up to 0.3 of a turn, crops
  /// down to 85 %) | auto: flip with weights, crop from scratch. The four options below replace
  /// parts.
  std::string augment = "auto";
  std::string flip = "auto";            ///< none | horizontal | both | auto: as augment says
  std::optional<double> rotation = {};  ///< up to this share of a turn, 0 to 0.5
  std::optional<double> crop = {};      ///< up to this share of each side is cut off, 0 to 0.9
  std::optional<double> colour = {};    ///< brightness, contrast, saturation by up to this, 0 to 1
  /// How many views of each photo the study draws from: their frozen layers run once. 0: new ones
  /// in every epoch and no cache. Default: 4 with weights, 0 from scratch, where nothing is frozen.
  std::optional<std::int64_t> views = {};
  /// MobileNetV2's width. Default: that of the weights, 0.35 from scratch.
  std::optional<double> alpha = {};
  std::optional<std::uint64_t> seed = {};  ///< default: the trial's own (HPO_SEED)
  bool cache = true;  ///< false runs the frozen layers in every epoch; for measuring what it saves

  /// Epochs of both phases.
  [[nodiscard]] std::int64_t epochs() const { return initial_epochs + fine_tuning_epochs; }
};

/// The augmentation that `augment` and the options beside it ask for.
Augmentation augmentation_of(const BirdOptions& options, bool from_scratch);

/// The options that a configuration asks for. Numbers may come as text, as SageMaker sends them.
///
/// Error: usage, with everything that is wrong: unknown names (and what was probably meant), values
/// of the wrong type or out of range.
Result<BirdOptions> bird_options_from(const Configuration& hyperparameters);

/// All options with their values, as a configuration that gives them back.
Configuration to_configuration(const BirdOptions& options);

/// `name  default  range  meaning` of every hyperparameter, for people.
std::string describe_bird_options();

}  // namespace hpo
