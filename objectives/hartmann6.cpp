// Hartmann 6: f(x) = −Σ_i α_i exp(−Σ_j A_ij (x_j − P_ij)²) on [0, 1]⁶. Minimum −3.32237.
// Dixon & Szegő (1978), "The global optimization problem: an introduction".

#include <array>
#include <cmath>

#include "objectives/synthetic.h"

namespace hpo {
namespace {

constexpr std::size_t kDimensions = 6;
using Row = std::array<double, kDimensions>;

constexpr std::array<double, 4> kAlpha = {1.0, 1.2, 3.0, 3.2};
constexpr std::array<Row, 4> kA = {{{10, 3, 17, 3.5, 1.7, 8},
                                    {0.05, 10, 17, 0.1, 8, 14},
                                    {3, 3.5, 1.7, 10, 17, 8},
                                    {17, 8, 0.05, 10, 0.1, 14}}};
constexpr std::array<Row, 4> kP = {{{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                    {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                    {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                    {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}}};
constexpr Row kOptimizer = {0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573};

std::string name_of(std::size_t j) { return "x" + std::to_string(j + 1); }

class Hartmann6 final : public SyntheticObjective {
 public:
  [[nodiscard]] SearchSpace space() const override {
    SearchSpace space;
    for (std::size_t j = 0; j < kDimensions; ++j) {
      space.parameters.push_back(
          {.name = name_of(j), .domain = FloatParameter{.min = 0, .max = 1}});
    }
    return space;
  }
  [[nodiscard]] double optimum() const override { return -3.32236801141551; }
  [[nodiscard]] Configuration optimizer() const override {
    Configuration configuration;
    for (std::size_t j = 0; j < kDimensions; ++j) configuration[name_of(j)] = kOptimizer[j];
    return configuration;
  }

 protected:
  [[nodiscard]] double value(const std::vector<double>& x) const override {
    double sum = 0;
    for (std::size_t i = 0; i < kAlpha.size(); ++i) {
      double exponent = 0;
      for (std::size_t j = 0; j < kDimensions; ++j)
        exponent += kA[i][j] * (x[j] - kP[i][j]) * (x[j] - kP[i][j]);
      sum += kAlpha[i] * std::exp(-exponent);
    }
    return -sum;
  }
};

}  // namespace

std::unique_ptr<Objective> make_hartmann6() { return std::make_unique<Hartmann6>(); }

}  // namespace hpo
