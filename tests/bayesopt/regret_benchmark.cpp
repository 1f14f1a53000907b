// Prints the mean best value of samplers on the built-in objectives and a few more, over seeds.
//   hpo_regret_benchmark [seeds] [trials] [sampler options as JSON]

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <numbers>

#include "bayesopt/sampler.h"
#include "objectives/objective.h"
#include "objectives/seed.h"

namespace {

using namespace hpo;

constexpr int kMarks[] = {10, 15, 20, 30, 50};

struct Problem {
  std::string name;
  SearchSpace space;
  std::function<double(const Configuration&)> value;
};

double number(const Configuration& x, const std::string& name) {
  const auto& value = x.at(name);
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  return std::get<double>(value);
}

SearchSpace box(int d, double min, double max) {
  SearchSpace space;
  for (int i = 0; i < d; ++i) {
    space.parameters.push_back(
        {.name = fmt::format("x{}", i), .domain = FloatParameter{.min = min, .max = max}});
  }
  return space;
}

double rosenbrock(const Configuration& c, int d) {
  double sum = 0;
  for (int i = 0; i + 1 < d; ++i) {
    const double x = number(c, fmt::format("x{}", i));
    const double y = number(c, fmt::format("x{}", i + 1));
    sum += 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x);
  }
  return std::log1p(sum);
}

double levy(const Configuration& c, int d) {
  const auto w = [&](int i) { return 1 + (number(c, fmt::format("x{}", i)) - 1) / 4; };
  using std::numbers::pi;
  double sum = std::pow(std::sin(pi * w(0)), 2);
  for (int i = 0; i + 1 < d; ++i) {
    sum += (w(i) - 1) * (w(i) - 1) * (1 + 10 * std::pow(std::sin(pi * w(i) + 1), 2));
  }
  const double last = w(d - 1);
  return sum + (last - 1) * (last - 1) * (1 + std::pow(std::sin(2 * pi * last), 2));
}

/// A made-up tuning problem: an optimizer with its own parameters, a width, a rate near one.
SearchSpace tuning_space() {
  return {.parameters = {
              {.name = "lr", .domain = FloatParameter{.min = 1e-5, .max = 1, .scale = Scale::log}},
              {.name = "width", .domain = IntParameter{.min = 8, .max = 512, .scale = Scale::log}},
              {.name = "optimizer",
               .domain = CategoricalParameter{.values = {std::string("adam"), std::string("sgd"),
                                                         std::string("rmsprop")}}},
              {.name = "momentum",
               .domain = FloatParameter{.min = 0, .max = 0.999, .scale = Scale::reverse_log},
               .when = {{.parent = "optimizer", .values = {std::string("sgd")}}}},
              {.name = "dropout", .domain = FloatParameter{.min = 0, .max = 0.6, .step = 0.1}},
              {.name = "augment", .domain = BoolParameter{}}}};
}

double tuning_loss(const Configuration& c) {
  const auto& optimizer = std::get<std::string>(c.at("optimizer"));
  const double best_lr = optimizer == "sgd" ? -1.5 : -3;
  const double lr = std::log10(number(c, "lr")) - best_lr;
  double loss = 0.3 + 0.15 * lr * lr + 0.05 * std::pow(std::log2(number(c, "width")) - 7, 2);
  loss += 0.8 * std::pow(number(c, "dropout") - 0.3, 2);
  if (optimizer == "rmsprop") loss += 0.08;
  if (optimizer == "sgd") {
    loss += 0.05 * std::pow(std::log10(1 - number(c, "momentum")) + 1.2, 2) - 0.04;
  }
  if (!std::get<bool>(c.at("augment")))
    loss += 0.1 + 0.3 * std::max(0.0, 0.3 - number(c, "dropout"));
  return std::min(loss, 3.0);
}

std::vector<Problem> problems() {
  std::vector<Problem> all;
  for (const auto name : objective_names()) {
    std::shared_ptr<Objective> objective = std::move(*make_objective(name));
    all.push_back({std::string(name), objective->space(), [objective](const Configuration& c) {
                     return objective->evaluate(c, {})->metrics.at("value");
                   }});
  }
  all.push_back({"log rosenbrock4", box(4, -2, 2), [](const auto& c) { return rosenbrock(c, 4); }});
  all.push_back({"levy3", box(3, -10, 10), [](const auto& c) { return levy(c, 3); }});
  all.push_back({"levy10", box(10, -10, 10), [](const auto& c) { return levy(c, 10); }});
  all.push_back({"tuning (mixed)", tuning_space(), tuning_loss});
  return all;
}

/// Best value after each trial.
std::vector<double> best_values(const Problem& problem, const std::string& name,
                                const nlohmann::json& options, std::uint64_t seed, int trials) {
  Study study;
  study.spec = {.objectives = {{.metric = "value"}}, .space = problem.space, .seed = seed};
  auto sampler = make_sampler(name, options, problem.space);
  std::vector<double> best;
  for (int i = 0; i < trials; ++i) {
    const std::uint64_t trial_seed = mix_seed(seed, static_cast<std::uint64_t>(i));
    auto suggestion = (*sampler)->suggest(study, trial_seed);
    if (!suggestion) break;
    Trial trial{.number = i, .configuration = std::move(suggestion->configuration)};
    trial.state = TrialState::complete;
    trial.value = problem.value(trial.configuration);
    trial.model = std::move(suggestion->model);
    best.push_back(best.empty() ? *trial.value : std::min(best.back(), *trial.value));
    study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
  }
  return best;
}

void print_line(const Problem& problem, const std::string& sampler, const nlohmann::json& options,
                int seeds, int trials) {
  std::vector<double> sum(static_cast<std::size_t>(trials), 0.0);
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto best =
        best_values(problem, sampler, options, static_cast<std::uint64_t>(seed), trials);
    for (std::size_t i = 0; i < best.size(); ++i) sum[i] += best[i];
  }
  fmt::print("{:<16} {:<9}", problem.name, sampler);
  for (const int mark : kMarks) {
    if (mark <= trials) fmt::print(" {:>9.4f}", sum[static_cast<std::size_t>(mark - 1)] / seeds);
  }
  fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) {
  const int seeds = argc > 1 ? std::atoi(argv[1]) : 5;
  const int trials = argc > 2 ? std::atoi(argv[2]) : 50;
  const auto options =
      argc > 3 ? nlohmann::json::parse(argv[3]) : nlohmann::json(nlohmann::json::object());
  fmt::print("mean best value over {} seeds\n{:<26}", seeds, "after trials");
  for (const int mark : kMarks) {
    if (mark <= trials) fmt::print(" {:>9}", mark);
  }
  fmt::print("\n");
  for (const auto& problem : problems()) {
    if (options.empty()) {
      print_line(problem, "random", nlohmann::json::object(), seeds, trials);
      print_line(problem, "sobol", nlohmann::json::object(), seeds, trials);
    }
    print_line(problem, "bayesian", options, seeds, trials);
  }
  return 0;
}
