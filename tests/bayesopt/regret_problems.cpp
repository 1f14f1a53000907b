#include "tests/bayesopt/regret_problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "objectives/objective.h"
#include "objectives/seed.h"

namespace hpo::testing_support {
namespace {

using std::numbers::pi;
using Vector = std::vector<double>;

double number(const Configuration& x, const std::string& name) {
  const auto& value = x.at(name);
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  return std::get<double>(value);
}

const std::string& label(const Configuration& x, const std::string& name) {
  return std::get<std::string>(x.at(name));
}

CategoricalParameter labels(std::initializer_list<const char*> names) {
  CategoricalParameter result;
  for (const auto* name : names) result.values.emplace_back(std::string(name));
  return result;
}

SearchSpace box(int d, double min, double max) {
  SearchSpace space;
  for (int i = 0; i < d; ++i) {
    space.parameters.push_back(
        {.name = fmt::format("x{}", i), .domain = FloatParameter{.min = min, .max = max}});
  }
  return space;
}

/// A number in (0, 1) that belongs to k.
double fixed(std::uint64_t k) { return static_cast<double>(mix_seed(20, k) >> 11U) * 0x1p-53; }

/// A function of coordinates in a box, whose optimum is moved off the centre.
RegretProblem boxed(std::string name, int d, double min, double max, double optimum,
                    std::function<double(const Vector&)> f) {
  return {.family = "continuous",
          .name = std::move(name),
          .space = box(d, min, max),
          .value =
              [d, f](const Configuration& c) {
                Vector x;
                for (int i = 0; i < d; ++i) x.push_back(number(c, fmt::format("x{}", i)));
                return f(x);
              },
          .optimum = optimum};
}

RegretProblem built_in(const char* name) {
  std::shared_ptr<Objective> objective = std::move(*make_objective(name));
  return {.family = "continuous",
          .name = name,
          .space = objective->space(),
          .value =
              [objective](const Configuration& c) {
                return objective->evaluate(c, {})->metrics.at("value");
              },
          .optimum = objective->optimum()};
}

double log_rosenbrock(const Vector& x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  }
  return std::log1p(sum);
}

double levy(const Vector& x) {
  const auto w = [&](std::size_t i) { return 1 + (x[i] - 1) / 4; };
  double sum = std::pow(std::sin(pi * w(0)), 2);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += std::pow(w(i) - 1, 2) * (1 + 10 * std::pow(std::sin(pi * w(i) + 1), 2));
  }
  const double last = w(x.size() - 1) - 1;
  return sum + last * last * (1 + std::pow(std::sin(2 * pi * (last + 1)), 2));
}

double ackley(const Vector& x) {
  double squares = 0;
  double cosines = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double z = x[i] - 8 * (fixed(i) - 0.5);
    squares += z * z / static_cast<double>(x.size());
    cosines += std::cos(2 * pi * z) / static_cast<double>(x.size());
  }
  return 20 + std::numbers::e - 20 * std::exp(-0.2 * std::sqrt(squares)) - std::exp(cosines);
}

double rastrigin(const Vector& x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double z = x[i] - 2 * fixed(40 + i);
    sum += z * z + 4 * (1 - std::cos(2 * pi * z));
  }
  return sum;
}

/// A quadratic form of condition 1,000, turned in the planes of neighbouring coordinates.
double ellipsoid(const Vector& x) {
  Vector z;
  for (std::size_t i = 0; i < x.size(); ++i) z.push_back(x[i] - 1.6 * (fixed(60 + i) - 0.5));
  for (std::size_t i = 0; i + 1 < z.size(); ++i) {
    const double a = 2 * pi * fixed(80 + i);
    const double turned = std::cos(a) * z[i] - std::sin(a) * z[i + 1];
    z[i + 1] = std::sin(a) * z[i] + std::cos(a) * z[i + 1];
    z[i] = turned;
  }
  double sum = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    sum += std::pow(1000, static_cast<double>(i) / static_cast<double>(z.size() - 1)) * z[i] * z[i];
  }
  return std::sqrt(sum);
}

/// The highest of 21 bells of different widths: what one tells nothing about the others.
double peaks(const Vector& x) {
  double best = 0;
  for (std::uint64_t k = 0; k < 21; ++k) {
    double r2 = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      r2 += std::pow(x[i] - 2 * fixed(100 + 8 * k + i) + 1, 2);
    }
    const double height = k == 0 ? 1 : 0.4 + 0.45 * fixed(300 + k);
    best = std::max(best, height * std::exp(-r2 / (0.02 + 0.1 * fixed(330 + k))));
  }
  return 1 - best;
}

/// Flat around the optimum, flat far from it.
double basin(const Vector& x) {
  double r2 = 0;
  for (std::size_t i = 0; i < x.size(); ++i) r2 += std::pow(x[i] - fixed(400 + i), 2);
  return r2 * r2 / (0.3 + r2 * r2);
}

/// An optimizer with its own parameters, a width, a rate near one.
RegretProblem training() {
  const SearchSpace space{
      .parameters = {
          {.name = "lr", .domain = FloatParameter{.min = 1e-5, .max = 1, .scale = Scale::log}},
          {.name = "width", .domain = IntParameter{.min = 8, .max = 512, .scale = Scale::log}},
          {.name = "optimizer", .domain = labels({"adam", "sgd", "rmsprop"})},
          {.name = "momentum",
           .domain = FloatParameter{.min = 0, .max = 0.999, .scale = Scale::reverse_log},
           .when = {{.parent = "optimizer", .values = {std::string("sgd")}}}},
          {.name = "dropout", .domain = FloatParameter{.min = 0, .max = 0.6, .step = 0.1}},
          {.name = "augment", .domain = BoolParameter{}}}};
  const auto loss = [](const Configuration& c) {
    const auto& optimizer = label(c, "optimizer");
    const double lr = std::log10(number(c, "lr")) + (optimizer == "sgd" ? 1.5 : 3);
    const double dropout = number(c, "dropout");
    double sum = 0.3 + 0.15 * lr * lr + 0.05 * std::pow(std::log2(number(c, "width")) - 7, 2);
    sum += 0.8 * std::pow(dropout - 0.3, 2);
    if (optimizer == "rmsprop") sum += 0.08;
    if (optimizer == "sgd") {
      sum += 0.05 * std::pow(std::log10(1 - number(c, "momentum")) + 1.2, 2) - 0.04;
    }
    if (!std::get<bool>(c.at("augment"))) sum += 0.1 + 0.3 * std::max(0.0, 0.3 - dropout);
    return std::min(sum, 3.0);
  };
  return {.family = "mixed", .name = "training", .space = space, .value = loss, .optimum = 0.26};
}

RegretProblem counts() {
  SearchSpace space;
  for (int i = 0; i < 4; ++i) {
    space.parameters.push_back(
        {.name = fmt::format("n{}", i), .domain = IntParameter{.min = 1, .max = 20}});
  }
  space.parameters.push_back({.name = "kind", .domain = labels({"a", "b", "c", "d", "e"})});
  space.parameters.push_back({.name = "mode", .domain = labels({"p", "q", "r"})});
  const auto value = [](const Configuration& c) {
    const double kind = label(c, "kind")[0] - 'a';
    const double mode = label(c, "mode")[0] - 'p';
    double sum = 0.6 * std::pow(kind - 3, 2) / 4 + 0.5 * std::abs(mode - 1);
    for (int i = 0; i < 4; ++i) {
      const double best = 4 + 4 * i - (i == 0 ? kind - 3 : 0);  // one depends on the category
      sum += std::pow((number(c, fmt::format("n{}", i)) - best) / 6, 2);
    }
    return sum;
  };
  return {.family = "mixed", .name = "counts", .space = space, .value = value, .optimum = 0};
}

/// Three models with four parameters each, and two that all share.
RegretProblem tree() {
  SearchSpace space;
  space.parameters.push_back({.name = "model", .domain = labels({"forest", "svm", "net"})});
  space.parameters.push_back({.name = "s0", .domain = FloatParameter{}});
  space.parameters.push_back({.name = "s1", .domain = FloatParameter{}});
  for (const std::string model : {"forest", "svm", "net"}) {
    for (int i = 0; i < 4; ++i) {
      space.parameters.push_back({.name = fmt::format("{}{}", model, i),
                                  .domain = FloatParameter{},
                                  .when = {{.parent = "model", .values = {model}}}});
    }
  }
  const auto value = [](const Configuration& c) {
    const auto& model = label(c, "model");
    const double base = model == "forest" ? 0.15 : model == "svm" ? 0.05 : 0;
    const double steep = model == "forest" ? 0.5 : model == "svm" ? 1 : 2;
    double sum =
        base + std::pow(number(c, "s0") - 0.3, 2) + 0.5 * std::pow(number(c, "s1") - 0.8, 2);
    for (int i = 0; i < 4; ++i) {
      const double best = 0.2 + 0.15 * i;
      sum += steep * std::pow(number(c, fmt::format("{}{}", model, i)) - best, 2) / (1 + i);
    }
    return sum;
  };
  return {.family = "conditional", .name = "tree", .space = space, .value = value, .optimum = 0};
}

RegretProblem noisy(RegretProblem problem, double stddev) {
  problem.family = "noisy";
  problem.name = "noisy " + problem.name;
  problem.noise_stddev = stddev;
  return problem;
}

}  // namespace

std::vector<RegretProblem> regret_problems() {
  const auto ellipsoid5 = boxed("ellipsoid5", 5, -1, 1, 0, ellipsoid);
  return {built_in("branin"),
          built_in("hartmann6"),
          boxed("ackley4", 4, -10, 10, 0, ackley),
          boxed("log rosenbrock4", 4, -2, 2, 0, log_rosenbrock),
          boxed("levy3", 3, -10, 10, 0, levy),
          boxed("levy10", 10, -10, 10, 0, levy),
          ellipsoid5,
          boxed("rastrigin3", 3, -3, 3, 0, rastrigin),
          boxed("peaks2", 2, -1, 1, 0, peaks),
          boxed("basin6", 6, 0, 1, 0, basin),
          training(),
          counts(),
          tree(),
          noisy(built_in("branin"), 8),
          noisy(built_in("hartmann6"), 0.25),
          noisy(ellipsoid5, 2),
          noisy(training(), 0.1),
          noisy(counts(), 0.3)};
}

}  // namespace hpo::testing_support
