#include "tests/trainers/training_run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "trainers/images/prepare.h"

namespace hpo {

namespace fs = std::filesystem;

TinyProblem tiny_problem(std::string_view trainer, const fs::path& folder) {
  if (trainer != "bird_classifier") {
    ADD_FAILURE() << "tiny_problem() has no problem for " << trainer;
    return {};
  }
  const auto made = prepare_synthetic(
      {.out = folder / "data", .species = 3, .images = 8, .validation = 0.25, .test = 0.25});
  if (!made) ADD_FAILURE() << made.error().message;
  TinyProblem problem{.train = folder / "data/train",
                      .validation = folder / "data/validation",
                      .hyperparameters = {{"image_size", std::int64_t{32}},
                                          {"alpha", 0.1},
                                          {"batch_size", std::int64_t{4}},
                                          {"initial_epochs", std::int64_t{2}},
                                          {"fine_tuning_epochs", std::int64_t{2}},
                                          {"initial_lr", 3e-3},
                                          {"fine_tuning_lr", 1e-3},
                                          {"num_unit_per_layer", std::int64_t{16}}}};
  problem.thorough = problem.hyperparameters;
  problem.thorough["image_size"] = std::int64_t{64};  // smaller ones end in a single pixel
  problem.thorough["batch_size"] = std::int64_t{12};
  problem.thorough["initial_epochs"] = std::int64_t{20};
  problem.thorough["augment"] = std::string("none");
  problem.thorough["dropout"] = 0.0;
  return problem;
}

TrainingRun::TrainingRun(const TinyProblem& problem, const fs::path& folder) {
  context.channels = {{"train", problem.train}, {"validation", problem.validation}};
  context.model = folder / "model";
  context.checkpoints = folder / "checkpoints";
  context.seed = 5;
  context.checkpoint_interval_s = 0;
  context.report = [this](std::string_view metric, double value, std::int64_t step) {
    reports.push_back(fmt::format("{} {} {}", step, metric, value));
  };
  context.log = [this](const std::string& line) { log.push_back(line); };
  context.stop_requested = [] { return false; };
}

Result<TrainedModel> TrainingRun::run(std::string_view trainer,
                                      const Configuration& hyperparameters) {
  auto made = make_trainer(trainer);
  if (!made) return made.error();
  reports.clear();
  return (*made)->train(hyperparameters, context);
}

Result<TrainedModel> TrainingRun::run_until(std::string_view trainer,
                                            const Configuration& hyperparameters, int polls) {
  context.stop_requested = [polls]() mutable { return --polls <= 0; };
  auto trained = run(trainer, hyperparameters);
  context.stop_requested = [] { return false; };
  return trained;
}

Bytes TrainingRun::weights() const { return file_content(context.model / "weights.safetensors"); }

std::vector<double> TrainingRun::values(const std::string& metric) const {
  std::vector<double> found;
  for (const auto& line : reports) {
    std::istringstream in(line);
    std::int64_t step = 0;
    std::string name;
    std::string value;
    in >> step >> name >> value;
    if (name == metric) found.push_back(std::stod(value));
  }
  return found;
}

}  // namespace hpo
