// Prints the mean normalised regret of studies that know another study, by how that one is related:
// the measure of what strategy.warm_start gains, and of what it costs where it should not be used.
//   hpo_transfer_benchmark [seeds] [trials] [trials of the other study] [sampler]
//
// Regret as in hpo_regret_benchmark: ten random trials have 1 in the mean.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "bayesopt/random_stream.h"
#include "bayesopt/sampler.h"
#include "bayesopt/unit_cube.h"
#include "objectives/seed.h"
#include "tests/bayesopt/prior_uses.h"
#include "tests/bayesopt/regret_problems.h"

namespace {

using namespace hpo;
using testing_support::RegretProblem;
using testing_support::told;
using Value = std::function<double(const Configuration&)>;

constexpr int kMarks[] = {3, 5, 10, 15, 20, 30};

/// What another study saw instead of the problem.
struct Kin {
  const char* name;
  Relation relation;
  Value (*of)(const RegretProblem& problem);
};

Value moved(const RegretProblem& problem, double by) {
  return [problem, by](const Configuration& configuration) {
    const UnitCube cube(problem.space);
    Point x = *cube.encode(configuration);
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      if (x[i] == kInactive || cube.axis(i).is_categorical()) continue;
      x[i] += x[i] < 0.5 ? by : -by;
    }
    const Point fill = x;
    cube.settle(x, fill);
    return problem.value(cube.decode(x));
  };
}

const Kin kKin[] = {
    {"identical", Relation::identical, [](const RegretProblem& p) { return p.value; }},
    {"the same", Relation::related, [](const RegretProblem& p) { return p.value; }},
    {"other units", Relation::related,
     [](const RegretProblem& p) {
       return Value([p](const Configuration& c) { return 5 + 0.01 * p.value(c); });
     }},
    {"bent", Relation::related,
     [](const RegretProblem& p) {
       return Value([p](const Configuration& c) { return std::sqrt(p.value(c) - p.optimum + 1); });
     }},
    {"moved by .05", Relation::related, [](const RegretProblem& p) { return moved(p, 0.05); }},
    {"moved by .15", Relation::related, [](const RegretProblem& p) { return moved(p, 0.15); }},
    {"moved by .4", Relation::related, [](const RegretProblem& p) { return moved(p, 0.4); }},
    {"opposite", Relation::related,
     [](const RegretProblem& p) {
       return Value([p](const Configuration& c) { return -p.value(c); });
     }},
    {"noise", Relation::related,
     [](const RegretProblem&) {
       return Value([](const Configuration& c) {
         const auto hash = std::hash<std::string>()(canonical_key(c));
         return RandomStream(hash, Purpose::unseen).uniform();
       });
     }},
};

Study run(const RegretProblem& problem, const std::string& name, const Value& value,
          std::uint64_t seed, int trials, std::vector<PriorUse> prior) {
  Study study;
  study.spec = {.objectives = {{.metric = "value"}}, .space = problem.space, .seed = seed};
  study.prior = std::move(prior);
  auto sampler = make_sampler(name, nlohmann::json::object(), problem.space);
  for (int i = 0; i < trials; ++i) {
    auto suggestion = (*sampler)->suggest(study, mix_seed(seed, static_cast<std::uint64_t>(i)));
    if (!suggestion) break;
    Trial trial{.number = i,
                .configuration = std::move(suggestion->configuration),
                .state = TrialState::complete,
                .model = std::move(suggestion->model)};
    trial.value = value(trial.configuration);
    study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
  }
  return study;
}

/// Normalised regret at the marks.
void add_regrets(const Study& study, const RegretProblem& problem, double scale,
                 std::map<int, double>& sums) {
  double best = INFINITY;
  for (std::size_t i = 0; i < study.trials.size(); ++i) {
    best = std::min(best, *study.trials[i]->value);
    const bool is_mark = std::count(std::begin(kMarks), std::end(kMarks), i + 1) > 0;
    if (is_mark) sums[static_cast<int>(i + 1)] += (best - problem.optimum) / scale;
  }
}

double scale_of(const RegretProblem& problem) {
  double sum = 0;
  constexpr int kSeeds = 100;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Study study = run(problem, "random", problem.value, seed, 10, {});
    sum += *study.best_trial()->value - problem.optimum;
  }
  return sum / kSeeds;
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, int otherwise) {
    return argc > i ? std::atoi(argv[i]) : otherwise;
  };
  const int seeds = argument(1, 4);
  const int trials = argument(2, 20);
  const int known = argument(3, 30);
  const std::string sampler = argc > 4 ? argv[4] : "bayesian";
  std::map<std::string, std::map<int, double>> sums;
  std::map<std::string, double> used;
  int runs = 0;
  for (const auto& problem : testing_support::regret_problems()) {
    if (problem.noise_stddev > 0) continue;
    const double scale = scale_of(problem);
    for (int s = 0; s < seeds; ++s, ++runs) {
      const auto seed = static_cast<std::uint64_t>(s);
      add_regrets(run(problem, sampler, problem.value, seed, trials, {}), problem, scale,
                  sums[" alone"]);
      for (const auto& kin : kKin) {
        const Study other = run(problem, "bayesian", kin.of(problem), seed + 1000, known, {});
        const Study study =
            run(problem, sampler, problem.value, seed, trials, {told(other, kin.relation)});
        add_regrets(study, problem, scale, sums[kin.name]);
        used[kin.name] += static_cast<double>(
            std::count_if(study.trials.begin(), study.trials.end(), [](const auto& trial) {
              return trial->model.find("\"transfer\":{") != std::string::npos;
            }));
      }
    }
  }
  for (const auto& [name, regrets] : sums) {
    std::string line = fmt::format("{:14}", name);
    for (const auto& [mark, sum] : regrets) line += fmt::format("  @{} {:.3f}", mark, sum / runs);
    fmt::print("{}  used in {:.1f} trials\n", line, used[name] / runs);
  }
  return 0;
}
