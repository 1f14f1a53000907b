// Prints the mean normalised regret of samplers on tpe's problems, and what a suggestion of tpe
// costs: milliseconds of processor time along 10 parameters.
//   hpo_tpe_benchmark [seeds] [trials] [options of tpe as JSON] [more samplers...]

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

#include "bayesopt/sampler.h"
#include "tests/bayesopt/tpe_problems.h"

namespace {

using namespace hpo;
using namespace hpo::testing_support;

constexpr int kMarks[] = {10, 20, 40, 60, 100, 200};

void add_trial(Study& study, Suggestion suggestion, double value) {
  Trial trial{.number = static_cast<std::int64_t>(study.trials.size()),
              .configuration = std::move(suggestion.configuration)};
  trial.state = TrialState::complete;
  trial.value = value;
  trial.model = std::move(suggestion.model);
  study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
}

std::uint64_t next_seed(const Study& study) {
  return mix_seed(study.spec.seed, study.trials.size());
}

Study study_of(const Problem& problem, std::uint64_t seed) {
  Study study;
  study.spec = {.objectives = {{.metric = "value"}}, .space = problem.space, .seed = seed};
  return study;
}

std::vector<double> best_values(const Problem& problem, Sampler& sampler, std::uint64_t seed,
                                int trials) {
  Study study = study_of(problem, seed);
  std::vector<double> best;
  for (int i = 0; i < trials; ++i) {
    auto suggestion = sampler.suggest(study, next_seed(study));
    if (!suggestion) break;
    const double value = problem.value(suggestion->configuration);
    best.push_back(best.empty() ? value : std::min(best.back(), value));
    add_trial(study, std::move(*suggestion), value);
  }
  return best;
}

/// The median of 1,000 random values: a regret of 1.
double median_value(const Problem& problem) {
  Study study = study_of(problem, 1);
  auto random = make_sampler("random", nlohmann::json::object(), problem.space);
  std::vector<double> values;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    values.push_back(problem.value((*random)->suggest(study, i)->configuration));
  }
  std::nth_element(values.begin(), values.begin() + 500, values.end());
  return values[500];
}

void print_row(const std::string& name, const std::vector<double>& sums, double count) {
  fmt::print("{:<24}", name);
  for (const int mark : kMarks) {
    if (mark <= static_cast<int>(sums.size()))
      fmt::print(" {:>7.4f}", sums[static_cast<std::size_t>(mark - 1)] / count);
  }
  fmt::print("\n");
}

void print_regrets(const std::string& sampler, const nlohmann::json& options, int seeds,
                   int trials) {
  std::vector<double> all(static_cast<std::size_t>(trials), 0.0);
  const auto problems = tpe_problems();
  for (const auto& problem : problems) {
    std::vector<double> sums(static_cast<std::size_t>(trials), 0.0);
    const double worst = median_value(problem);
    auto made = make_sampler(sampler, options, problem.space);
    for (int seed = 1; seed <= seeds; ++seed) {
      const auto best = best_values(problem, **made, static_cast<std::uint64_t>(seed), trials);
      for (std::size_t i = 0; i < sums.size(); ++i) {
        const double value = best[std::min(i, best.size() - 1)];
        sums[i] += (value - problem.optimum) / (worst - problem.optimum);
      }
    }
    print_row(problem.name + " " + sampler, sums, seeds);
    for (std::size_t i = 0; i < sums.size(); ++i) all[i] += sums[i] / seeds;
  }
  print_row("mean " + sampler, all, static_cast<double>(problems.size()));
}

/// The median of the milliseconds that suggestions take, each with one more trial.
double suggest_ms(int n) {
  constexpr int kRepetitions = 9;
  const Problem problem = shifted_problem("bowl10", 10, bent_bowl);
  Study study = study_of(problem, 1);
  auto random = make_sampler("sobol", nlohmann::json::object(), problem.space);
  for (int i = 0; i < n; ++i) {
    auto suggestion = (*random)->suggest(study, next_seed(study));
    const double value = problem.value(suggestion->configuration);
    add_trial(study, std::move(*suggestion), value);
  }
  auto tpe = make_sampler("tpe", nlohmann::json::object(), problem.space);
  std::vector<double> times;
  for (int i = 0; i <= kRepetitions; ++i) {
    const std::clock_t begin = std::clock();
    auto suggestion = (*tpe)->suggest(study, next_seed(study));
    const std::clock_t end = std::clock();
    if (i > 0) times.push_back(1e3 * static_cast<double>(end - begin) / CLOCKS_PER_SEC);
    const double value = problem.value(suggestion->configuration);
    add_trial(study, std::move(*suggestion), value);
  }
  std::sort(times.begin(), times.end());
  return times[kRepetitions / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int seeds = argc > 1 ? std::atoi(argv[1]) : 5;
  const int trials = argc > 2 ? std::atoi(argv[2]) : 100;
  const auto options =
      argc > 3 ? nlohmann::json::parse(argv[3]) : nlohmann::json(nlohmann::json::object());
  fmt::print("mean normalised regret over {} seeds (1: a random point's median)\n{:<24}", seeds,
             "after trials");
  for (const int mark : kMarks) {
    if (mark <= trials) fmt::print(" {:>7}", mark);
  }
  fmt::print("\n");
  print_regrets("tpe", options, seeds, trials);
  for (int i = 4; i < argc; ++i) print_regrets(argv[i], nlohmann::json::object(), seeds, trials);
  for (const int n : {100, 1'000, 10'000}) {
    fmt::print("tpe, n = {:>6}, d = 10: {:.2f} ms\n", n, suggest_ms(n));
  }
  return 0;
}
