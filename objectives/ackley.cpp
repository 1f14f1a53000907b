// Ackley in two dimensions on [−32.768, 32.768]²: many local minima around one global minimum, f(0)
// = 0. f(x) = −20 exp(−0.2 √(Σ x_i² / d)) − exp(Σ cos(2π x_i) / d) + 20 + e. Ackley (1987), "A
// Connectionist Machine for Genetic Hillclimbing".

#include <cmath>
#include <numbers>

#include "objectives/synthetic.h"

namespace hpo {
namespace {

constexpr double kBound = 32.768;

class Ackley final : public SyntheticObjective {
 public:
  [[nodiscard]] SearchSpace space() const override {
    return {
        .parameters = {{.name = "x1", .domain = FloatParameter{.min = -kBound, .max = kBound}},
                       {.name = "x2", .domain = FloatParameter{.min = -kBound, .max = kBound}}}};
  }
  [[nodiscard]] double optimum() const override { return 0; }
  [[nodiscard]] Configuration optimizer() const override { return {{"x1", 0.0}, {"x2", 0.0}}; }

 protected:
  [[nodiscard]] double value(const std::vector<double>& x) const override {
    const auto d = static_cast<double>(x.size());
    double squares = 0;
    double cosines = 0;
    for (const double xi : x) {
      squares += xi * xi;
      cosines += std::cos(2 * std::numbers::pi * xi);
    }
    return -20 * std::exp(-0.2 * std::sqrt(squares / d)) - std::exp(cosines / d) + 20 +
           std::numbers::e;
  }
};

}  // namespace

std::unique_ptr<Objective> make_ackley() { return std::make_unique<Ackley>(); }

}  // namespace hpo
