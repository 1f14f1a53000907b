// Prints the mean normalised regret of a sampler on the development problems, over seeds.
//   hpo_regret_benchmark [seeds] [trials] [sampler] [sampler options as JSON]
//
// Regret: the noiseless value of the trial with the best value so far, less the optimum, in units
// of what ten random trials leave. So ten random trials have 1 in the mean. The last line, the mean
// of its decimal logarithm, tells samplers apart that all come near: ranks hang on that.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>

#include "bayesopt/normal.h"
#include "bayesopt/random_stream.h"
#include "bayesopt/sampler.h"
#include "tests/bayesopt/regret_problems.h"

namespace {

using namespace hpo;
using testing_support::RegretProblem;
using Values = std::vector<double>;

constexpr int kMarks[] = {10, 20, 40, 60, 100};
constexpr std::uint64_t kScaleSeeds = 100;
constexpr double kLeastRegret = 1e-8;

Trial evaluated(const RegretProblem& problem, Suggestion suggestion, std::uint64_t seed,
                double* noiseless) {
  Trial trial{.configuration = std::move(suggestion.configuration),
              .model = std::move(suggestion.model)};
  *noiseless = problem.value(trial.configuration);
  RandomStream random(seed, Purpose::unseen);
  trial.state = TrialState::complete;
  trial.value = *noiseless + problem.noise_stddev * normal_quantile(random.uniform());
  return trial;
}

/// After each trial: the noiseless value of the trial that looks best.
Values incumbents(const RegretProblem& problem, const std::string& name,
                  const nlohmann::json& options, std::uint64_t seed, int trials) {
  Study study;
  study.spec = {.objectives = {{.metric = "value"}}, .space = problem.space, .seed = seed};
  auto sampler = make_sampler(name, options, problem.space);
  Values result;
  double best = 0;
  for (int i = 0; i < trials; ++i) {
    const std::uint64_t trial_seed = mix_seed(seed, static_cast<std::uint64_t>(i));
    auto suggestion = (*sampler)->suggest(study, trial_seed);
    if (!suggestion) break;
    double noiseless = 0;
    Trial trial = evaluated(problem, std::move(*suggestion), trial_seed, &noiseless);
    trial.number = i;
    const bool is_best = i == 0 || *trial.value < best;
    if (is_best) best = *trial.value;
    result.push_back(is_best ? noiseless : result.back());
    study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
  }
  return result;
}

double at(const Values& values, int trials) {
  return values[std::min(values.size(), static_cast<std::size_t>(trials)) - 1];
}

/// What ten random trials leave, in the mean.
double scale_of(const RegretProblem& problem) {
  double sum = 0;
  for (std::uint64_t seed = 1000; seed < 1000 + kScaleSeeds; ++seed) {
    sum += at(incumbents(problem, "random", nlohmann::json::object(), seed, 10), 10);
  }
  return sum / static_cast<double>(kScaleSeeds) - problem.optimum;
}

void print_row(const std::string& name, const Values& values) {
  fmt::print("{:<24}", name);
  for (const double value : values) fmt::print(" {:>8.4f}", value);
  fmt::print("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const int seeds = argc > 1 ? std::atoi(argv[1]) : 5;
  const int trials = argc > 2 ? std::atoi(argv[2]) : 60;
  const std::string sampler = argc > 3 ? argv[3] : "bayesian";
  const auto options =
      argc > 4 ? nlohmann::json::parse(argv[4]) : nlohmann::json(nlohmann::json::object());
  std::vector<int> marks;
  for (const int mark : kMarks) {
    if (mark <= trials) marks.push_back(mark);
  }
  fmt::print("{}: mean normalised regret over {} seeds\n{:<24}", sampler, seeds, "after trials");
  for (const int mark : marks) fmt::print(" {:>8}", mark);
  fmt::print("\n");
  std::map<std::string, Values> sums;
  std::map<std::string, int> counts;
  Values logs(marks.size(), 0.0);
  const std::clock_t begin = std::clock();
  for (const auto& problem : testing_support::regret_problems()) {
    const double scale = scale_of(problem);
    Values mean(marks.size(), 0.0);
    for (int seed = 1; seed <= seeds; ++seed) {
      const auto values =
          incumbents(problem, sampler, options, static_cast<std::uint64_t>(seed), trials);
      for (std::size_t k = 0; k < marks.size(); ++k) {
        const double regret = (at(values, marks[k]) - problem.optimum) / scale;
        mean[k] += regret / seeds;
        logs[k] += std::log10(std::max(regret, kLeastRegret)) / seeds;
      }
    }
    print_row(problem.name, mean);
    for (const auto& group : {problem.family, std::string("all")}) {
      sums[group].resize(marks.size(), 0.0);
      for (std::size_t k = 0; k < marks.size(); ++k) sums[group][k] += mean[k];
      ++counts[group];
    }
  }
  for (auto& [group, sum] : sums) {
    for (double& value : sum) value /= counts[group];
    print_row(fmt::format("= {} ({})", group, counts[group]), sum);
  }
  for (double& value : logs) value /= counts["all"];
  print_row("log10", logs);
  fmt::print("{:.0f} s\n", static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  return 0;
}
