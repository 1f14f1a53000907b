// Prints what a suggestion of the bayesian sampler costs: milliseconds of processor time at d = 10
// with 8 pending trials, each with a refit, the median of several.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "bayesopt/random_stream.h"
#include "bayesopt/sampler.h"

namespace {

using namespace hpo;

constexpr int kDimensions = 10;
constexpr int kPending = 8;
constexpr int kRepetitions = 9;

SearchSpace space() {
  SearchSpace result;
  for (int i = 0; i < kDimensions; ++i) {
    result.parameters.push_back({.name = fmt::format("x{}", i), .domain = FloatParameter{}});
  }
  return result;
}

double objective(const Configuration& configuration) {
  double sum = 0;
  double weight = 1;
  for (const auto& [name, value] : configuration) {
    const double x = std::get<double>(value) - 0.4;
    sum += weight * x * x + 0.1 * std::sin(9 * x);
    weight *= 0.7;
  }
  return sum;
}

void add_trial(Study& study, Configuration configuration, bool is_complete, std::string model) {
  Trial trial{.number = static_cast<std::int64_t>(study.trials.size()),
              .configuration = std::move(configuration)};
  trial.state = is_complete ? TrialState::complete : TrialState::running;
  if (is_complete) trial.value = objective(trial.configuration);
  trial.model = std::move(model);
  study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
}

std::uint64_t next_seed(const Study& study) {
  return mix_seed(study.spec.seed, study.trials.size());
}

Study random_study(int n, int pending) {
  Study study;
  study.spec.space = space();
  study.spec.objectives = {{.metric = "value"}};
  auto random = make_sampler("random", nlohmann::json::object(), study.spec.space);
  for (int i = 0; i < n + pending; ++i) {
    auto suggestion = (*random)->suggest(study, next_seed(study));
    add_trial(study, std::move(suggestion->configuration), i < n, "");
  }
  return study;
}

/// Milliseconds of each of kRepetitions suggestions, every one with one more observation.
std::vector<double> timings(int n, int pending) {
  Study study = random_study(n - 1, pending);
  auto sampler = make_sampler("bayesian", nlohmann::json::object(), study.spec.space);
  std::vector<double> result;
  for (int i = 0; i <= kRepetitions; ++i) {
    const std::clock_t begin = std::clock();
    auto suggestion = (*sampler)->suggest(study, next_seed(study));
    const std::clock_t end = std::clock();
    // The first has no earlier fit to start from; no later one of a study has to do without.
    if (i > 0) result.push_back(1e3 * static_cast<double>(end - begin) / CLOCKS_PER_SEC);
    add_trial(study, std::move(suggestion->configuration), true, std::move(suggestion->model));
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

int main() {
  fmt::print("suggest with refit, d = {}, one core: processor time, median (longest) ms of {}\n",
             kDimensions, kRepetitions);
  fmt::print("{:>6} {:>18} {:>18}\n", "n", "none pending", fmt::format("{} pending", kPending));
  for (const int n : {50, 100, 200, 300}) {
    const auto alone = timings(n, 0);
    const auto beside = timings(n, kPending);
    fmt::print("{:>6} {:>8.1f} ({:>6.1f})  {:>8.1f} ({:>6.1f})\n", n, alone[alone.size() / 2],
               alone.back(), beside[beside.size() / 2], beside.back());
  }
  return 0;
}
