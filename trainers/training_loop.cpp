#include "trainers/training_loop.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <numeric>
#include <span>
#include <utility>

#include "objectives/seed.h"
#include "trainers/batch_feeder.h"

namespace hpo {
namespace {

using Clock = std::chrono::steady_clock;
using Metrics = std::map<std::string, double>;

constexpr std::int64_t kValidationBatch = 64;

TensorMap copies_of(const TensorMap& tensors) {
  TensorMap copies;
  for (const auto& [name, tensor] : tensors) copies[name] = tensor.detach().clone();
  return copies;
}

TrainingSchedule schedule_of(const TrainingSetup& setup) {
  TrainingSchedule schedule{.rule = setup.options.lr_schedule,
                            .lr_patience = setup.options.lr_patience,
                            .early_stop = setup.options.early_stop};
  for (const auto& phase : setup.phases) schedule.phases.push_back({phase.epochs, phase.lr});
  return schedule;
}

class Loop {
 public:
  explicit Loop(TrainingSetup& setup)
      : s_(setup), schedule_(schedule_of(setup)), saved_at_(Clock::now()) {}

  Result<TrainedModel> run() {
    if (keeps_best()) {
      for (const auto& name : tuned_names(s_.network, s_.phases.back().cut)) {
        initial_[name] = s_.network.tensors.at(name).clone();
      }
    }
    resume();
    while (!stopped_ && !is_over()) {
      const TrainingProgress before = progress_of(schedule_, state_.history);
      if (auto done = run_phase(before.phase); !done) return done.error();
      log_early_end(before);
    }
    return keep();
  }

 private:
  void log_early_end(const TrainingProgress& before) const {
    const bool has_all = state_.epoch() - before.begin >= s_.phases[before.phase].epochs;
    if (has_all || phase() == before.phase) return;
    s_.context.log(fmt::format("no better loss for {} epochs: phase {} ends after {}",
                               s_.options.early_stop, before.phase + 1,
                               state_.epoch() - before.begin));
  }

  /// Goes back to the checkpoint, if there is one that fits.
  void resume() {
    std::string notice;
    auto checkpoint = s_.checkpoints.load(notice);
    if (checkpoint && !(fits(checkpoint->tensors) && fits(checkpoint->best))) {
      notice = "the checkpoint does not fit the network; training begins anew";
      checkpoint.reset();
    }
    if (checkpoint && is_beyond(checkpoint->state)) {
      notice = "the checkpoint is beyond the epochs asked for; training begins anew";
      checkpoint.reset();
    }
    if (!notice.empty()) s_.context.log(notice);
    if (!checkpoint) return;
    load(checkpoint->tensors);
    state_ = std::move(checkpoint->state);
    best_ = std::move(checkpoint->best);
    archive_ = std::move(checkpoint->optimizer);
    s_.context.log(fmt::format("going on after epoch {}, batch {}", state_.epoch(), state_.batch));
    std::int64_t epoch = 0;
    for (const auto& metrics : state_.history) report(metrics, ++epoch);
  }

  /// Whether it has gone further than this training goes.
  [[nodiscard]] bool is_beyond(const TrainingState& state) const {
    const TrainingProgress progress = progress_of(schedule_, state.history);
    if (progress.phase < schedule_.phases.size()) return false;
    return state.batch > 0 || progress.begin < state.epoch();
  }

  [[nodiscard]] std::size_t phase() const { return progress_of(schedule_, state_.history).phase; }
  [[nodiscard]] bool is_over() const { return phase() == schedule_.phases.size(); }

  [[nodiscard]] bool fits(const TensorMap& tensors) const {
    return std::all_of(tensors.begin(), tensors.end(), [this](const auto& item) {
      const auto known = s_.network.tensors.find(item.first);
      return known != s_.network.tensors.end() && known->second.sizes() == item.second.sizes();
    });
  }

  void load(const TensorMap& tensors) {
    for (const auto& [name, tensor] : tensors) s_.network.tensors[name].copy_(tensor);
  }

  Result<void> run_phase(std::size_t index) {
    const TrainingPhase& phase = s_.phases[index];
    auto inputs = s_.inputs(phase);
    if (!inputs) return inputs.error();
    TunedLayers layers(s_.network, s_.options, phase, s_.class_weights);
    // Every phase begins with a fresh optimizer, unless it goes on in the middle.
    const std::string archive = std::exchange(archive_, {});
    if (!archive.empty() && state_.phase == index) {
      if (auto read = layers.restore(archive); !read) return read;
    }
    state_.phase = index;
    while (!stopped_ && this->phase() == index) {
      layers.set_rate(rate_of(schedule_, state_.history));
      if (auto done = run_epoch(layers, *inputs); !done) return done;
      if (stopped_ || is_over() || is_checkpoint_due()) {
        auto saved = save(layers);
        if (!saved) return saved;
      }
    }
    return {};
  }

  /// One epoch, or what is left of it; ends early, between two batches, when a stop is requested.
  Result<void> run_epoch(TunedLayers& layers, const PhaseInputs& inputs) {
    const std::int64_t epoch = state_.epoch() + 1;
    const std::uint64_t seed = mix_seed(s_.seed, static_cast<std::uint64_t>(epoch));
    const std::int64_t count = s_.train_labels.size(0);
    const EpochPlan plan = plan_epoch(seed, count, s_.views.fixed);
    const std::int64_t size = s_.options.batch_size;
    BatchFeeder feeder(inputs.train, plan, static_cast<std::size_t>(size),
                       static_cast<std::size_t>(state_.batch * size));
    while (state_.batch * size < count) {
      const at::Tensor x = feeder.next();
      const auto n = static_cast<double>(feeder.photos().size());
      const BatchResult result =
          layers.train(x, labels_of(feeder.photos()),
                       mix_seed(seed, static_cast<std::uint64_t>(state_.batch) + 1));
      if (!std::isfinite(result.loss)) return diverged(epoch, "train:loss", result.loss);
      state_.loss_sum += result.loss * n;
      state_.correct += result.correct;
      ++state_.batch;
      const bool is_epoch_done = state_.batch * size >= count;
      stopped_ = s_.context.stop_requested();
      if (stopped_ && !is_epoch_done) return {};
    }
    return finish_epoch(layers, inputs, epoch);
  }

  [[nodiscard]] at::Tensor labels_of(std::span<const std::int64_t> photos) const {
    const at::Tensor index = at::tensor(at::IntArrayRef(photos.data(), photos.size()), at::kLong);
    return s_.train_labels.index_select(0, index.to(s_.train_labels.device()));
  }

  Result<void> finish_epoch(const TunedLayers& layers, const PhaseInputs& inputs,
                            std::int64_t epoch) {
    const auto count = static_cast<double>(s_.train_labels.size(0));
    Metrics metrics = {{"train:loss", state_.loss_sum / count},
                       {"train:accuracy", static_cast<double>(state_.correct) / count}};
    if (inputs.validation) validate(layers, *inputs.validation, metrics);
    for (const auto& [name, value] : metrics) {
      if (!std::isfinite(value)) return diverged(epoch, name, value);
    }
    report(metrics, epoch);
    state_.history.push_back(std::move(metrics));
    state_.batch = 0;
    state_.loss_sum = 0;
    state_.correct = 0;
    if (is_best(epoch)) {
      state_.best_epoch = epoch;
      best_ = copies_of(layers.tensors());
    }
    return {};
  }

  void validate(const TunedLayers& layers, const FrozenInputs& inputs, Metrics& metrics) const {
    const std::int64_t count = s_.validation_labels.size(0);
    double loss = 0;
    std::int64_t correct = 0;
    // Batches of one size, for a small last one costs more per photo.
    const std::int64_t batches = (count + kValidationBatch - 1) / kValidationBatch;
    const std::int64_t size = (count + batches - 1) / batches;
    for (std::int64_t begin = 0; begin < count; begin += size) {
      const std::int64_t n = std::min(size, count - begin);
      std::vector<std::int64_t> photos(static_cast<std::size_t>(n));
      std::iota(photos.begin(), photos.end(), begin);
      const BatchResult result =
          layers.measure(inputs.batch(photos, {}), s_.validation_labels.slice(0, begin, begin + n));
      loss += result.loss * static_cast<double>(n);
      correct += result.correct;
    }
    metrics["validation:loss"] = loss / static_cast<double>(count);
    metrics["validation:accuracy"] = static_cast<double>(correct) / static_cast<double>(count);
  }

  [[nodiscard]] bool keeps_best() const {
    return s_.context.objective && s_.context.objective->value == ValueRule::best;
  }

  /// Whether that epoch has the best value of the objective so far; the earliest of equals.
  [[nodiscard]] bool is_best(std::int64_t epoch) const {
    if (!keeps_best()) return false;
    const ObjectiveSpec& objective = *s_.context.objective;
    const auto value_in = [&](std::int64_t number) -> std::optional<double> {
      const Metrics& metrics = state_.history[static_cast<std::size_t>(number) - 1];
      const auto found = metrics.find(objective.metric);
      return found == metrics.end() ? std::nullopt : std::optional(found->second);
    };
    const auto value = value_in(epoch);
    if (!value) return false;  // a metric of the user's own: the last epoch's model is kept
    return state_.best_epoch == 0 ||
           is_better(objective.goal, *value, *value_in(state_.best_epoch));
  }

  void report(const Metrics& metrics, std::int64_t epoch) const {
    for (const auto& [name, value] : metrics) s_.context.report(name, value, epoch);
  }

  /// Says that the training failed by numbers, in the objective too, which decides over the trial.
  Result<void> diverged(std::int64_t epoch, const std::string& metric, double value) const {
    s_.context.report(metric, value, epoch);
    if (s_.context.objective && s_.context.objective->metric != metric) {
      s_.context.report(s_.context.objective->metric, std::nan(""), epoch);
    }
    return Error{.code = ErrorCode::numerical,
                 .message = fmt::format("{} became {} in epoch {}", metric, value, epoch),
                 .hint = "a smaller learning rate usually helps"};
  }

  [[nodiscard]] bool is_checkpoint_due() const {
    // Large networks' checkpoints are hashed and written for a while: at most a fiftieth of the
    // time.
    constexpr double kShare = 50;
    const double interval_s = s_.context.checkpoint_interval_s;
    const std::chrono::duration<double> since = Clock::now() - saved_at_;
    return since.count() >= (interval_s == 0 ? 0 : std::max(interval_s, kShare * save_s_));
  }

  Result<void> save(const TunedLayers& layers) {
    const auto begin = Clock::now();
    auto saved = s_.checkpoints.save({.state = state_,
                                      .tensors = layers.tensors(),
                                      .optimizer = layers.archive(),
                                      .best = best_});
    saved_at_ = Clock::now();
    save_s_ = std::chrono::duration<double>(saved_at_ - begin).count();
    return saved;
  }

  TrainedModel keep() {
    TrainedModel model{.epoch = state_.epoch(), .stopped = !is_over()};
    if (state_.best_epoch > 0) {
      load(initial_);
      load(best_);
      model.epoch = state_.best_epoch;
    }
    if (model.epoch > 0) {
      model.metrics = state_.history[static_cast<std::size_t>(model.epoch) - 1];
    }
    return model;
  }

  TrainingSetup& s_;
  TrainingSchedule schedule_;
  TrainingState state_ = {};
  TensorMap initial_ = {};    ///< what the phases may change, before them; for value: best
  TensorMap best_ = {};       ///< of state_.best_epoch
  std::string archive_ = {};  ///< optimizer of the checkpoint, until its phase goes on
  bool stopped_ = false;
  Clock::time_point saved_at_;
  double save_s_ = 0;  ///< what the last checkpoint took
};

}  // namespace

Result<TrainedModel> run_training(TrainingSetup& setup) { return Loop(setup).run(); }

}  // namespace hpo
