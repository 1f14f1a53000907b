// The trainer `bird_classifier`: transfer learning on class folders of photos, as the workshop's
// notebooks do it, with what is frozen computed once per study.

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "objectives/json.h"
#include "objectives/seed.h"
#include "objectives/sha256.h"
#include "trainers/bird_model.h"
#include "trainers/bird_options.h"
#include "trainers/device.h"
#include "trainers/files.h"
#include "trainers/images/image_cache.h"
#include "trainers/training_loop.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

constexpr double kScratchAlpha = 0.35;  // wide enough for some hundred photos, and quick
constexpr std::size_t kSkippedShown = 5;

/// The decoded photos of the channels.
struct Photos {
  CachedImages train = {};
  std::optional<CachedImages> validation = {};
};

void log_photos(const TrainContext& context, const char* channel, const CachedImages& images) {
  context.log(
      fmt::format("{}: {} photos of {} classes", channel, images.count(), images.classes.size()));
  for (std::size_t i = 0; i < images.skipped.size() && i < kSkippedShown; ++i) {
    context.log(fmt::format("{}: skipped {}: {}", channel, images.skipped[i].path,
                            images.skipped[i].reason));
  }
  if (images.skipped.size() > kSkippedShown) {
    context.log(fmt::format("{}: skipped {} photos in all", channel, images.skipped.size()));
  }
  if (!images.warning.empty()) context.log(images.warning);
}

Result<CachedImages> load_channel(const TrainContext& context, const char* channel, int size,
                                  const std::vector<std::string>* classes) {
  auto folder = list_image_folder(context.channels.find(channel)->second);
  if (folder && classes != nullptr) folder = with_classes(std::move(*folder), *classes);
  if (!folder) return folder.error();
  auto images = load_images(*folder, size, context.cache, context.cache_max);
  if (images) log_photos(context, channel, *images);
  return images;
}

Result<Photos> load_photos(const TrainContext& context, int size) {
  if (!context.channels.contains("train")) {
    return Error{.code = ErrorCode::usage,
                 .message = "there is no channel train",
                 .hint =
                     "name a folder with one folder of photos per class: "
                     "`channels: {train: DIR, validation: DIR}`"};
  }
  auto train = load_channel(context, "train", size, nullptr);
  if (!train) return train.error();
  if (train->classes.size() < 2) {
    return Error{.code = ErrorCode::usage,
                 .message = "channel train has a single class: there is nothing to tell apart"};
  }
  Photos photos{.train = std::move(*train)};
  if (!context.channels.contains("validation")) return photos;
  auto validation = load_channel(context, "validation", size, &photos.train.classes);
  if (!validation) return validation.error();
  photos.validation = std::move(*validation);
  return photos;
}

at::Tensor labels_of(const CachedImages& images, const at::Device& device) {
  const std::vector<std::int64_t> labels(images.labels.begin(), images.labels.end());
  return at::tensor(labels, at::kLong).to(device);
}

/// With weights: the head, then also the blocks from fine_tune_from on. From scratch everything is
/// trained in both.
std::vector<TrainingPhase> phases_of(const BirdOptions& options, std::size_t blocks,
                                     bool from_scratch) {
  const auto from = static_cast<std::size_t>(options.fine_tune_from);
  return {{.cut = from_scratch ? 0 : blocks,
           .epochs = options.initial_epochs,
           .lr = options.initial_lr,
           .batch_statistics = from_scratch},
          {.cut = from_scratch ? 0 : std::min(from, blocks),
           .epochs = options.fine_tuning_epochs,
           .lr = options.fine_tuning_lr,
           .batch_statistics = from_scratch}};
}

/// Nothing is frozen from scratch, so new views cost no more than fixed ones.
ViewPlan views_of(const BirdOptions& options, bool from_scratch) {
  constexpr std::int64_t kViews = 4;
  const Augmentation augmentation = augmentation_of(options, from_scratch);
  const auto wanted = static_cast<std::size_t>(options.views.value_or(from_scratch ? 0 : kViews));
  return {.augmentation = augmentation, .fixed = fixed_views(augmentation, wanted)};
}

/// Names everything that a checkpoint's tensors depend on. More fine-tuning epochs may be asked
/// for: they continue the same training.
std::string fingerprint_of(const BirdOptions& options, std::uint64_t seed, const Photos& photos,
                           const StartNetwork& start, const TrainContext& context) {
  Configuration chosen = to_configuration(options);
  chosen.erase("fine_tuning_epochs");
  nlohmann::json named = {{"options", to_json(chosen)},
                          {"seed", seed},
                          {"train", photos.train.key},
                          {"validation", photos.validation ? photos.validation->key : ""},
                          {"weights", start.weights_sha256}};
  if (context.objective) named["objective"] = to_json(*context.objective);
  return hex(sha256(named.dump()));
}

/// Makes what a phase reads of the channels.
class InputsMaker {
 public:
  InputsMaker(const Photos& photos, const StartNetwork& start, const BirdOptions& options,
              const ViewPlan& views, std::vector<TrainingPhase> phases, const TrainContext& context,
              const at::Device& device)
      : photos_(photos),
        start_(start),
        options_(options),
        views_(views),
        phases_(std::move(phases)),
        context_(context),
        device_(device) {}

  Result<PhaseInputs> operator()(const TrainingPhase& phase) const {
    if (auto made = make_base(phase); !made) return made.error();
    auto train = make(photos_.train, phase, views_);
    if (!train) return train.error();
    PhaseInputs inputs{.train = std::move(*train)};
    if (!photos_.validation) return inputs;
    auto validation = make(*photos_.validation, phase, {});
    if (!validation) return validation.error();
    inputs.validation = std::move(*validation);
    return inputs;
  }

 private:
  /// A later phase freezes less: its rows are made first and those of `phase` from them, so that no
  /// layer runs twice.
  [[nodiscard]] Result<void> make_base(const TrainingPhase& phase) const {
    for (const TrainingPhase& other : phases_) {
      if (other.cut >= phase.cut || other.epochs == 0 || context_.cache.empty()) continue;
      if (auto made = make(photos_.train, other, views_); !made) return made.error();
      if (!photos_.validation) continue;
      if (auto made = make(*photos_.validation, other, {}); !made) return made.error();
    }
    return {};
  }

  [[nodiscard]] Result<FrozenInputs> make(const CachedImages& images, const TrainingPhase& phase,
                                          const ViewPlan& views) const {
    auto inputs = FrozenInputs::prepare(images, start_.network, device_,
                                        {.cut = phase.cut,
                                         .views = views,
                                         .cache = options_.cache,
                                         .folder = context_.cache,
                                         .max_bytes = context_.cache_max,
                                         .frozen = start_.weights_sha256});
    if (inputs && !inputs->notice().empty()) context_.log(inputs->notice());
    return inputs;
  }

  const Photos& photos_;
  const StartNetwork& start_;
  const BirdOptions& options_;
  ViewPlan views_;
  std::vector<TrainingPhase> phases_;
  const TrainContext& context_;
  at::Device device_;
};

Result<TrainedModel> train_birds(BirdOptions options, const TrainContext& context) {
  auto device = prepare_device(context.gpu, context.threads);
  if (!device) return device.error();
  auto photos = load_photos(context, static_cast<int>(options.image_size));
  if (!photos) return photos.error();
  const auto weights = context.channels.find("weights");
  const bool from_scratch = weights == context.channels.end();
  options.alpha = options.alpha.value_or(from_scratch ? kScratchAlpha : 1.0);
  const ViewPlan views = views_of(options, from_scratch);
  const std::uint64_t seed = options.seed.value_or(context.seed);
  const BirdArchitecture architecture{
      .alpha = *options.alpha,
      .hidden = std::vector(static_cast<std::size_t>(options.num_fully_connected_layers),
                            options.num_unit_per_layer)};
  auto start = start_network(architecture, photos->train.classes.size(),
                             from_scratch ? fs::path{} : weights->second, seed);
  if (!start) return start.error();
  context.log(from_scratch ? "no channel weights: the network is trained from scratch"
                           : "ImageNet weights: head first, then fine-tuning");
  move_to(start->network, *device);
  const auto phases = phases_of(options, start->network.blocks.size(), from_scratch);
  TrainingSetup setup{
      .network = start->network,
      .options = options,
      .context = context,
      .seed = seed,
      .views = views,
      .train_labels = labels_of(photos->train, *device),
      .phases = phases,
      .inputs = InputsMaker(*photos, *start, options, views, phases, context, *device),
      .checkpoints = CheckpointFolder(context.checkpoints,
                                      fingerprint_of(options, seed, *photos, *start, context))};
  if (photos->validation) setup.validation_labels = labels_of(*photos->validation, *device);
  auto trained = run_training(setup);
  if (!trained) return trained.error();
  const ModelManifest manifest{.architecture = architecture,
                               .classes = photos->train.classes,
                               .image_size = options.image_size,
                               .hyperparameters = to_configuration(options),
                               .metrics = trained->metrics};
  auto written = write_bird_model(context.model, start->network, manifest);
  if (!written) return written.error();
  return trained;
}

class BirdClassifier final : public Trainer {
 public:
  Result<TrainedModel> train(const Configuration& hyperparameters,
                             const TrainContext& context) override {
    auto options = bird_options_from(hyperparameters);
    if (!options) return options.error();
    try {
      return train_birds(*options, context);
    } catch (const std::exception& e) {
      const std::string what = e.what();  // torch's messages go on with a stack trace
      return Error{.code = ErrorCode::environment,
                   .message = "torch failed: " + what.substr(0, what.find('\n'))};
    }
  }
};

}  // namespace

std::unique_ptr<Trainer> make_bird_classifier() { return std::make_unique<BirdClassifier>(); }

}  // namespace hpo
