// Problems with known optima, none at the middle of its space, on which tpe's constants were
// chosen.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "objectives/objective.h"
#include "objectives/seed.h"

namespace hpo::testing_support {

/// To be minimised; `optimum` is the least value.
struct Problem {
  std::string name = {};
  SearchSpace space = {};
  std::function<double(const Configuration&)> value = {};
  double optimum = 0;
};

inline double number_of(const Configuration& x, const std::string& name) {
  const auto& value = x.at(name);
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  return std::get<double>(value);
}

/// A number in [0, 1) that depends on a and b alone.
inline double hashed(std::uint64_t a, std::uint64_t b) {
  return static_cast<double>(mix_seed(a, b) >> 11U) * 0x1p-53;
}

/// Coordinates of a box around an optimum that lies off its middle.
inline std::vector<double> shifted(const Configuration& c, int d) {
  std::vector<double> z;
  for (int i = 0; i < d; ++i) {
    const double optimum = 0.2 + 0.6 * hashed(17, static_cast<std::uint64_t>(i));
    z.push_back(number_of(c, fmt::format("x{}", i)) - optimum);
  }
  return z;
}

inline Problem shifted_problem(std::string name, int d,
                               std::function<double(const std::vector<double>&)> f) {
  Problem problem{.name = std::move(name)};
  for (int i = 0; i < d; ++i) {
    problem.space.parameters.push_back({.name = fmt::format("x{}", i), .domain = FloatParameter{}});
  }
  problem.value = [f = std::move(f), d](const Configuration& c) { return f(shifted(c, d)); };
  return problem;
}

/// Neighbouring coordinates are correlated, their curvatures differ by up to 100.
inline double bent_bowl(const std::vector<double>& z) {
  double sum = 0;
  const auto d = static_cast<double>(z.size());
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double y = z[i] + 0.5 * z[(i + 1) % z.size()];
    sum += std::pow(100.0, static_cast<double>(i) / (d - 1)) * y * y;
  }
  return sum;
}

inline double rastrigin(const std::vector<double>& z) {
  double sum = 0;
  for (const double zi : z) {
    const double y = 5 * zi;
    sum += y * y + 5 * (1 - std::cos(2 * std::numbers::pi * y));
  }
  return sum;
}

inline double levy(const std::vector<double>& z) {
  using std::numbers::pi;
  const auto w = [&](std::size_t i) { return 1 + 5 * z[i]; };
  double sum = std::pow(std::sin(pi * w(0)), 2);
  for (std::size_t i = 0; i + 1 < z.size(); ++i) {
    sum += std::pow(w(i) - 1, 2) * (1 + 10 * std::pow(std::sin(pi * w(i) + 1), 2));
  }
  const double last = w(z.size() - 1);
  return sum + std::pow(last - 1, 2) * (1 + std::pow(std::sin(2 * pi * last), 2));
}

/// An optimizer with a parameter of its own, a width, a rate near one.
inline Problem tuning_problem() {
  const auto text = [](const char* value) { return ParameterValue(std::string(value)); };
  Problem problem{.name = "tuning", .optimum = 0.26};
  problem.space.parameters = {
      {.name = "lr", .domain = FloatParameter{.min = 1e-5, .max = 1, .scale = Scale::log}},
      {.name = "width", .domain = IntParameter{.min = 8, .max = 512, .scale = Scale::log}},
      {.name = "optimizer",
       .domain = CategoricalParameter{.values = {text("adam"), text("sgd"), text("rmsprop")}}},
      {.name = "momentum",
       .domain = FloatParameter{.min = 0, .max = 0.999, .scale = Scale::reverse_log},
       .when = {{.parent = "optimizer", .values = {text("sgd")}}}},
      {.name = "dropout", .domain = FloatParameter{.min = 0, .max = 0.6, .step = 0.1}},
      {.name = "augment", .domain = BoolParameter{}}};
  problem.value = [](const Configuration& c) {
    const auto& optimizer = std::get<std::string>(c.at("optimizer"));
    const double lr = std::log10(number_of(c, "lr")) + (optimizer == "sgd" ? 1.5 : 3);
    double loss = 0.3 + 0.15 * lr * lr + 0.8 * std::pow(number_of(c, "dropout") - 0.3, 2);
    loss += 0.05 * std::pow(std::log2(number_of(c, "width")) - 7, 2);
    if (optimizer == "rmsprop") loss += 0.08;
    if (optimizer == "sgd") {
      loss += 0.05 * std::pow(std::log10(1 - number_of(c, "momentum")) + 1.2, 2) - 0.04;
    }
    if (!std::get<bool>(c.at("augment"))) loss += 0.1;
    return std::min(loss, 3.0);
  };
  return problem;
}

/// Eight choices of five values, each with an effect of its own and one with its neighbour.
inline Problem choices_problem() {
  constexpr int kChoices = 8;
  Problem problem{.name = "choices"};
  CategoricalParameter values;
  for (std::int64_t v = 0; v < 5; ++v) values.values.emplace_back(v);
  for (int i = 0; i < kChoices; ++i) {
    problem.space.parameters.push_back({.name = fmt::format("c{}", i), .domain = values});
  }
  problem.value = [](const Configuration& c) {
    std::vector<std::uint64_t> v;
    for (int i = 0; i < kChoices; ++i) {
      // How far from the best value, whose place no order tells.
      const auto chosen = std::get<std::int64_t>(c.at(fmt::format("c{}", i)));
      const auto shift = mix_seed(5, static_cast<std::uint64_t>(i)) % 5;
      v.push_back((static_cast<std::uint64_t>(chosen) * 2 + shift) % 5);
    }
    double sum = 0;
    for (std::size_t i = 0; i < v.size(); ++i) {
      const std::uint64_t next = v[(i + 1) % v.size()];
      if (v[i] != 0) sum += 0.3 + hashed(i, v[i]);
      if (v[i] != 0 || next != 0) sum += hashed(100 + 5 * i + v[i], next);
    }
    return sum;
  };
  return problem;
}

/// Three models with three or four parameters of their own.
inline Problem tree_problem() {
  Problem problem{.name = "tree", .optimum = 0.05};
  CategoricalParameter models;
  for (const char* name : {"linear", "forest", "boosted"}) models.values.emplace_back(name);
  problem.space.parameters.push_back({.name = "model", .domain = models});
  for (std::size_t m = 0; m < 3; ++m) {
    for (int i = 0; i < (m == 0 ? 3 : 4); ++i) {
      problem.space.parameters.push_back({.name = fmt::format("p{}{}", m, i),
                                          .domain = FloatParameter{},
                                          .when = {{"model", {models.values[m]}}}});
    }
  }
  problem.value = [](const Configuration& c) {
    const auto& model = std::get<std::string>(c.at("model"));
    const std::uint64_t m = model == "linear" ? 0 : model == "forest" ? 1 : 2;
    double sum = m == 0 ? 0.4 : m == 1 ? 0.2 : 0.05;
    for (std::uint64_t i = 0; i < (m == 0 ? 3 : 4); ++i) {
      const double z = number_of(c, fmt::format("p{}{}", m, i)) - 0.15 - 0.7 * hashed(m, i + 40);
      sum += static_cast<double>(m + 1) * z * z;
    }
    return sum;
  };
  return problem;
}

inline std::vector<Problem> tpe_problems() {
  std::vector<Problem> all;
  for (const auto name : objective_names()) {
    std::shared_ptr<Objective> objective = std::move(*make_objective(name));
    Problem problem{.name = std::string(name), .space = objective->space()};
    problem.value = [objective](const Configuration& c) {
      return objective->evaluate(c, {})->metrics.at("value");
    };
    problem.optimum = objective->optimum();
    all.push_back(std::move(problem));
  }
  all.push_back(shifted_problem("bowl5", 5, bent_bowl));
  all.push_back(shifted_problem("bowl20", 20, bent_bowl));
  all.push_back(shifted_problem("rastrigin4", 4, rastrigin));
  all.push_back(shifted_problem("levy10", 10, levy));
  all.push_back(tuning_problem());
  all.push_back(choices_problem());
  all.push_back(tree_problem());
  return all;
}

}  // namespace hpo::testing_support
