// Prints what a suggestion of the bayesian sampler costs at d = 10: milliseconds of processor time
// of 100 suggestions one after the other, each with one more observation, refits as they fall due.
//   hpo_suggest_benchmark [observations...]

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

#include "bayesopt/random_stream.h"
#include "bayesopt/sampler.h"

namespace {

using namespace hpo;

constexpr int kDimensions = 10;
constexpr int kPending = 8;
constexpr int kSuggestions = 100;

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

struct Timings {
  double median_ms = 0;
  double p95_ms = 0;
};

Timings timings(int n, int pending) {
  Study study = random_study(n - 1, pending);
  auto sampler = make_sampler("bayesian", nlohmann::json::object(), study.spec.space);
  std::vector<double> all;
  for (int i = 0; i <= kSuggestions; ++i) {
    const std::clock_t begin = std::clock();
    auto suggestion = (*sampler)->suggest(study, next_seed(study));
    const std::clock_t end = std::clock();
    // The first has no earlier fit to start from; no later one of a study has to do without.
    if (i > 0) all.push_back(1e3 * static_cast<double>(end - begin) / CLOCKS_PER_SEC);
    add_trial(study, std::move(suggestion->configuration), true, std::move(suggestion->model));
  }
  std::sort(all.begin(), all.end());
  return {.median_ms = all[kSuggestions / 2], .p95_ms = all[kSuggestions * 95 / 100]};
}

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<int> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::atoi(argv[i]));
  if (sizes.empty()) sizes = {100, 1000, 10000};
  fmt::print("suggest, d = {}, one core: processor time of {} suggestions, ms\n", kDimensions,
             kSuggestions);
  fmt::print("{:>6} {:>19} {:>19} {:>14}\n", "n", "none pending",
             fmt::format("{} pending", kPending), "peak memory");
  for (const int n : sizes) {
    const auto alone = timings(n, 0);
    const auto beside = timings(n, kPending);
    fmt::print("{:>6} {:>8.1f} p95 {:>6.1f} {:>8.1f} p95 {:>6.1f} {:>10.0f} MiB\n", n,
               alone.median_ms, alone.p95_ms, beside.median_ms, beside.p95_ms, peak_memory_mib());
  }
  return 0;
}
