// Makes a study of 50,000 trials with ten parameters, some with learning curves, for scripts/bench:
// `hpo_report_benchmark FILE`.

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "storage/study_store.h"
#include "tests/support/must.h"

namespace {

using hpo::testing_support::must;
constexpr std::int64_t kTrials = 50'000;
/// Trials that report step by step, evenly spread.
constexpr std::int64_t kReporting = 500;

std::string optimizer(int k) {
  static constexpr const char* kNames[] = {"adam", "sgd", "rmsprop"};
  return kNames[k];
}

hpo::StudySpec spec() {
  hpo::StudySpec spec{.name = "big", .objectives = {{.metric = "loss"}}};
  auto& parameters = spec.space.parameters;
  parameters.push_back(
      {.name = "lr",
       .domain = hpo::FloatParameter{.min = 1e-5, .max = 0.1, .scale = hpo::Scale::log}});
  parameters.push_back(
      {.name = "optimizer",
       .domain = hpo::CategoricalParameter{.values = {optimizer(0), optimizer(1), optimizer(2)}}});
  parameters.push_back({.name = "momentum",
                        .domain = hpo::FloatParameter{.min = 0.5, .max = 0.99},
                        .when = {{.parent = "optimizer", .values = {optimizer(1)}}}});
  parameters.push_back({.name = "layers", .domain = hpo::IntParameter{.min = 1, .max = 8}});
  for (int k = 4; k < 10; ++k) {
    parameters.push_back({.name = fmt::format("x{}", k), .domain = hpo::FloatParameter{}});
  }
  return spec;
}

hpo::Trial trial_of(std::int64_t number, std::mt19937_64& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  const auto choice = static_cast<int>(3 * uniform(random));
  const double log_lr = -5 + 4 * uniform(random);
  hpo::Trial trial{.number = number, .sampler = "random", .model = R"({"mode":"random"})"};
  auto& c = trial.configuration;
  c["lr"] = std::pow(10, log_lr);
  c["optimizer"] = optimizer(choice);
  if (choice == 1) c["momentum"] = 0.5 + 0.49 * uniform(random);
  c["layers"] = static_cast<std::int64_t>(1 + 8 * uniform(random));
  double value = 0.2 + 0.05 * std::pow(log_lr + 3, 2) + 0.03 * choice;
  for (int k = 4; k < 10; ++k) {
    const double x = uniform(random);
    c[fmt::format("x{}", k)] = x;
    value += std::pow(x - 0.1 * k, 2) / (10 * (k - 3));
  }
  const auto second = [](std::int64_t ms) { return hpo::TimePoint(std::chrono::milliseconds(ms)); };
  constexpr std::int64_t kStart = 1'700'000'000'000;
  trial.started_at = second(kStart + 250 * number);
  trial.finished_at = second(kStart + 250 * number + 1800);
  trial.resource = fmt::format("gpu {}", number % 8);
  trial.created_event = 2 * number + 1;
  trial.finished_event = 2 * number + 2;
  trial.state = hpo::TrialState::complete;
  if (uniform(random) < 0.02) {
    trial.state = hpo::TrialState::failed;
    trial.failure = hpo::FailureClass::oom;
    trial.reason = "out of memory";
  } else {
    trial.value = value;
    trial.metrics = {{"loss", value}};
    if (uniform(random) < 0.1) trial.state = hpo::TrialState::pruned;
  }
  return trial;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  auto store = must(hpo::make_sqlite_store(argv[1]));
  must(store->open(spec(), {}));
  std::mt19937_64 random(1);
  for (std::int64_t number = 0; number < kTrials; ++number) {
    const hpo::Trial trial = trial_of(number, random);
    must(store->save(trial));
    if (number % (kTrials / kReporting) != 0 || !trial.value) continue;
    std::vector<hpo::Measurement> reports;
    for (std::int64_t step = 0; step < 50; ++step) {
      const double value = *trial.value * (1 + std::exp(-0.1 * static_cast<double>(step)));
      reports.push_back({.step = step, .metrics = {{"loss", value}}});
    }
    must(store->add_measurements(number, reports));
  }
  must(store->save_progress({.active_s = 12'500, .stop_reason = "50000 trials finished"}));
}
