// Branin: f(x1, x2) = (x2 − b x1² + c x1 − r)² + s (1 − t) cos x1 + s on [−5, 10] × [0, 15],
// b = 5.1/(4π²), c = 5/π, r = 6, s = 10, t = 1/(8π). Three global minima of 0.397887.
// Dixon & Szegő (1978), "The global optimization problem: an introduction".

#include <cmath>
#include <numbers>

#include "objectives/synthetic.h"

namespace hpo {
namespace {

using std::numbers::pi;

class Branin final : public SyntheticObjective {
 public:
  [[nodiscard]] SearchSpace space() const override {
    return {.parameters = {{.name = "x1", .domain = FloatParameter{.min = -5, .max = 10}},
                           {.name = "x2", .domain = FloatParameter{.min = 0, .max = 15}}}};
  }
  [[nodiscard]] double optimum() const override { return 10 / (8 * pi); }
  [[nodiscard]] Configuration optimizer() const override { return {{"x1", pi}, {"x2", 2.275}}; }

 protected:
  [[nodiscard]] double value(const std::vector<double>& x) const override {
    const double b = 5.1 / (4 * pi * pi);
    const double c = 5 / pi;
    const double r = 6;
    const double s = 10;
    const double t = 1 / (8 * pi);
    const double valley = x[1] - b * x[0] * x[0] + c * x[0] - r;
    return valley * valley + s * (1 - t) * std::cos(x[0]) + s;
  }
};

}  // namespace

std::unique_ptr<Objective> make_branin() { return std::make_unique<Branin>(); }

}  // namespace hpo
