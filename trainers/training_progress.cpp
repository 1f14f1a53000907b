#include "trainers/training_progress.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "objectives/error.h"

namespace hpo {
namespace {

constexpr double kLeastGain = 1e-4;
constexpr double kFactor = 0.5;

double loss_of(const std::map<std::string, double>& metrics) {
  const auto validation = metrics.find("validation:loss");
  return validation != metrics.end() ? validation->second : metrics.at("train:loss");
}

/// Counts the epochs since the last better one.
class Plateau {
 public:
  std::int64_t after(double loss) {
    if (loss < best_ - kLeastGain) {
      best_ = loss;
      waited_ = 0;
    } else {
      ++waited_;
    }
    return waited_;
  }
  void wait_again() { waited_ = 0; }

 private:
  double best_ = std::numeric_limits<double>::infinity();
  std::int64_t waited_ = 0;
};

}  // namespace

TrainingProgress progress_of(const TrainingSchedule& schedule, const TrainingHistory& history) {
  TrainingProgress progress;
  const auto done = static_cast<std::int64_t>(history.size());
  for (const auto& phase : schedule.phases) {
    Plateau plateau;
    std::int64_t epoch = progress.begin;
    bool is_over = phase.epochs == 0;
    while (!is_over && epoch < done) {
      const std::int64_t waited = plateau.after(loss_of(history[static_cast<std::size_t>(epoch)]));
      ++epoch;
      is_over = epoch - progress.begin == phase.epochs ||
                (schedule.early_stop > 0 && waited >= schedule.early_stop);
    }
    if (!is_over) return progress;
    ++progress.phase;
    progress.begin = epoch;
  }
  return progress;
}

double rate_of(const TrainingSchedule& schedule, const TrainingHistory& history) {
  const TrainingProgress progress = progress_of(schedule, history);
  check(progress.phase < schedule.phases.size(), "rate_of a training that is over");
  const auto& phase = schedule.phases[progress.phase];
  const auto done = static_cast<std::int64_t>(history.size()) - progress.begin;
  if (schedule.rule == "cosine") {
    const double share = static_cast<double>(done) / static_cast<double>(phase.epochs);
    return phase.lr * (1 + std::cos(std::numbers::pi * share)) / 2;
  }
  double lr = phase.lr;
  if (schedule.rule != "plateau") return lr;
  Plateau plateau;
  for (std::int64_t epoch = progress.begin; epoch < progress.begin + done; ++epoch) {
    if (plateau.after(loss_of(history[static_cast<std::size_t>(epoch)])) < schedule.lr_patience) {
      continue;
    }
    lr *= kFactor;
    plateau.wait_again();
  }
  return lr;
}

}  // namespace hpo
