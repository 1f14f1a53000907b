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

/// The network before training, and the file that its frozen tensors come from.
struct StartNetwork {
  BirdNetwork network = {};
  std::string weights_sha256 = {};  ///< empty: trained from scratch
};

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

/// n / (classes · photos of the class), so that the mean over the photos is 1; undefined where all
/// count alike. King & Zeng (2001), section 4.
at::Tensor class_weights_of(const BirdOptions& options, const CachedImages& images,
                            const at::Device& device) {
  if (options.class_weights != "balanced") return {};
  std::vector<float> weights(images.classes.size());
  for (const int label : images.labels) weights[static_cast<std::size_t>(label)] += 1;
  const auto n = static_cast<float>(images.count());
  for (float& weight : weights) weight = n / (static_cast<float>(weights.size()) * weight);
  return at::tensor(weights).to(device);
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
                           const std::string& weights_sha256, const TrainContext& context) {
  Configuration chosen = to_configuration(options);
  if (options.lr_schedule != "cosine") chosen.erase("fine_tuning_epochs");
  nlohmann::json named = {{"options", to_json(chosen)},
                          {"seed", seed},
                          {"train", photos.train.key},
                          {"validation", photos.validation ? photos.validation->key : ""},
                          {"weights", weights_sha256}};
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

/// The network that the options ask for; fills in the width that they leave open.
Result<StartNetwork> make_start(BirdOptions& options, const TrainContext& context,
                                std::size_t classes, std::uint64_t seed) {
  std::optional<WeightsFile> weights;
  const auto channel = context.channels.find("weights");
  if (channel != context.channels.end()) {
    auto read = read_weights(channel->second);
    if (!read) return read.error();
    weights = std::move(*read);
  }
  BirdArchitecture architecture{
      .backbone = backbone_from(options.backbone).value_or(Backbone{}),
      .hidden = std::vector(static_cast<std::size_t>(options.num_fully_connected_layers),
                            options.num_unit_per_layer)};
  if (architecture.backbone == Backbone::mobilenet_v2) {
    const double usual = weights ? alpha_of(weights->tensors).value_or(1.0) : kScratchAlpha;
    options.alpha = options.alpha.value_or(usual);
    architecture.alpha = *options.alpha;
  } else {
    options.alpha.reset();
  }
  auto network = start_network(architecture, classes, weights ? &*weights : nullptr, seed);
  if (!network) return network.error();
  context.log(weights ? "ImageNet weights: head first, then fine-tuning"
                      : "no channel weights: the network is trained from scratch");
  return StartNetwork{.network = std::move(*network),
                      .weights_sha256 = weights ? weights->sha256 : ""};
}

Result<TrainedModel> train_birds(BirdOptions options, const TrainContext& context) {
  auto device = prepare_device(context.gpu, context.threads);
  if (!device) return device.error();
  auto photos = load_photos(context, static_cast<int>(options.image_size));
  if (!photos) return photos.error();
  const std::uint64_t seed = options.seed.value_or(context.seed);
  auto start = make_start(options, context, photos->train.classes.size(), seed);
  if (!start) return start.error();
  move_to(start->network, *device);
  const bool from_scratch = start->weights_sha256.empty();
  const ViewPlan views = views_of(options, from_scratch);
  const auto phases = phases_of(options, start->network.blocks.size(), from_scratch);
  TrainingSetup setup{
      .network = start->network,
      .options = options,
      .context = context,
      .seed = seed,
      .views = views,
      .train_labels = labels_of(photos->train, *device),
      .class_weights = class_weights_of(options, photos->train, *device),
      .phases = phases,
      .inputs = InputsMaker(*photos, *start, options, views, phases, context, *device),
      .checkpoints =
          CheckpointFolder(context.checkpoints,
                           fingerprint_of(options, seed, *photos, start->weights_sha256, context))};
  if (photos->validation) setup.validation_labels = labels_of(*photos->validation, *device);
  auto trained = run_training(setup);
  if (!trained) return trained.error();
  const ModelManifest manifest{.architecture = start->network.architecture,
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
