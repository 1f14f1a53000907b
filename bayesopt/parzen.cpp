// Parzen estimators of the tree-structured Parzen estimator.
//
//   p(x) = (sum_i w_i prod_j k_j(x_j | mu_ij) + w_0 u(x)) / (sum_i w_i + w_0)     u: uniform
//   numeric:      k(x | mu) = phi((x - mu)/s) / (s Z(mu)),   Z = Phi((1 - mu)/s) - Phi(-mu/s)
//   few values:   the mass of k in a value's cell, which ends midway to its neighbours
//   categorical:  k(c | c_i) = ([c = c_i] + 1/n) / (1 + C/n)
//   s = min(widest, spread·stddev(mu)) n^(-1/(D + 4)), at least 1/min(100, n + 2)
//   n: centres that have the coordinate, C: values, D: coordinates of a mean centre
//
// Bergstra et al. (2011), "Algorithms for hyper-parameter optimization"; multivariate kernels:
// Falkner et al. (2018), "BOHB"; the parts compared: Watanabe (2023), "Tree-structured Parzen
// estimator: understanding its algorithm components".

#include "bayesopt/parzen.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "bayesopt/normal.h"

namespace hpo {
namespace {

/// Ordered values up to this many have their masses computed. The cells of more are narrower than
/// nearly all kernels, so the density at a value tells the same.
constexpr std::uint64_t kFewValues = 32;
const double kLogSqrt2Pi = 0.5 * std::log(2 * std::numbers::pi);

/// Mass of a Gaussian around mu within [a, b].
double mass(double a, double b, double mu, double s) {
  return normal_cdf((b - mu) / s) - normal_cdf((a - mu) / s);
}

/// ln Z as a function of mu by straight lines between knots: 10,000 kernels along 10 coordinates
/// would spend most of their time on Phi. The error is below 1e-4 where s is at least 0.05.
class LogZ {
 public:
  explicit LogZ(double s) {
    for (std::size_t k = 0; k <= kKnots; ++k) {
      values_[k] = std::log(mass(0, 1, static_cast<double>(k) / kKnots, s));
    }
  }
  [[nodiscard]] double at(double mu) const {
    const double place = mu * kKnots;
    const auto k = std::min(static_cast<std::size_t>(place), kKnots - 1);
    return values_[k] + (place - static_cast<double>(k)) * (values_[k + 1] - values_[k]);
  }

 private:
  static constexpr std::size_t kKnots = 256;
  std::array<double, kKnots + 1> values_ = {};
};

/// ln of the integral of each kernel's exponential over [0, 1].
Eigen::ArrayXd log_integrals(const Eigen::ArrayXd& mu, double s) {
  const LogZ log_z(s);
  const double constant = std::log(s) + kLogSqrt2Pi;
  Eigen::ArrayXd result(mu.size());
  for (Eigen::Index k = 0; k < mu.size(); ++k) {
    result[k] = mu[k] == kInactive ? 0 : constant + log_z.at(mu[k]);
  }
  return result;
}

/// ln of the mass of each level's cell (row) in the kernel of each level (column).
Eigen::ArrayXXd log_masses_of(const Axis& axis, double s) {
  const auto L = static_cast<Eigen::Index>(axis.levels());
  const auto place = [&](Eigen::Index k) { return axis.level(static_cast<std::uint64_t>(k)); };
  Eigen::ArrayXXd result(L, L);
  for (Eigen::Index k = 0; k < L; ++k) {
    const double a = k == 0 ? 0 : (place(k - 1) + place(k)) / 2;
    const double b = k == L - 1 ? 1 : (place(k) + place(k + 1)) / 2;
    for (Eigen::Index j = 0; j < L; ++j) result(k, j) = mass(a, b, place(j), s);
  }
  // A value far from a narrow kernel has a mass of 0, which has no logarithm.
  constexpr double kLeast = 1e-300;
  for (Eigen::Index j = 0; j < L; ++j) {
    const double total = result.col(j).sum();
    result.col(j) = (result.col(j) / total).max(kLeast).log();
  }
  return result;
}

std::vector<Eigen::Index> levels_of(const Axis& axis, const Eigen::ArrayXd& mu) {
  std::vector<Eigen::Index> levels;
  levels.reserve(static_cast<std::size_t>(mu.size()));
  for (const double x : mu) {
    levels.push_back(x == kInactive ? -1 : static_cast<Eigen::Index>(axis.level_of(x)));
  }
  return levels;
}

/// Of the active ones among n > 1.
double stddev_of(const Eigen::ArrayXd& mu, double n) {
  const auto is_active = mu >= 0;
  const double mean = is_active.select(mu, 0.0).sum() / n;
  return std::sqrt(is_active.select((mu - mean).square(), 0.0).sum() / (n - 1));
}

}  // namespace

ParzenEstimator::ParzenEstimator(const UnitCube& cube, const std::vector<const Point*>& centres,
                                 Eigen::ArrayXd weights, const ParzenOptions& options)
    : cube_(cube),
      options_(options),
      weights_(std::move(weights)),
      total_weight_(options.prior_weight + weights_.sum()),
      log_weights_(weights_.log()),
      log_base_(log_weights_) {
  check(weights_.size() == static_cast<Eigen::Index>(centres.size()), "a weight for each centre");
  Eigen::Index active = 0;
  for (const Point* centre : centres) active += (centre->array() >= 0).count();
  const double D =
      centres.empty() ? 1 : static_cast<double>(active) / static_cast<double>(centres.size());
  for (Eigen::Index i = 0; i < cube_.size(); ++i) {
    coordinates_.push_back(coordinate(i, centres, D));
    const Coordinate& along = coordinates_.back();
    if (along.kind == Kind::gaussian && !along.is_conditional) log_base_ -= along.log_z;
  }
}

double ParzenEstimator::bandwidth(const Coordinate& along, double n, double D) const {
  const double narrowest = 1 / std::min(100.0, n + 2);
  double s = options_.widest;
  if (options_.spread > 0 && n > 1) s = std::min(s, options_.spread * stddev_of(along.mu, n));
  return std::max(narrowest, s * std::pow(std::max(n, 1.0), -1 / (D + 4)));
}

ParzenEstimator::Coordinate ParzenEstimator::coordinate(Eigen::Index i,
                                                        const std::vector<const Point*>& centres,
                                                        double D) const {
  const Axis& axis = cube_.axis(i);
  Coordinate made;
  made.is_conditional = !cube_.space().parameters[static_cast<std::size_t>(i)].when.empty();
  made.mu.resize(static_cast<Eigen::Index>(centres.size()));
  for (std::size_t k = 0; k < centres.size(); ++k) {
    made.mu[static_cast<Eigen::Index>(k)] = (*centres[k])[i];
  }
  const auto n = static_cast<double>((made.mu >= 0).count());
  const bool is_listed =
      axis.is_categorical() || (!axis.is_continuous() && axis.levels() <= kFewValues);
  const auto C = static_cast<double>(axis.levels());
  if (is_listed) {
    made.level = levels_of(axis, made.mu);
    made.log_uniform = -std::log(C);
  }
  if (axis.is_categorical()) {
    made.kind = Kind::counts;
    made.log_other = -std::log(n + C);
    made.log_same = std::log1p(n) - std::log(n + C);
    return made;
  }
  made.bandwidth = bandwidth(made, n, D);
  if (is_listed) {
    made.kind = Kind::masses;
    made.log_masses = log_masses_of(axis, made.bandwidth);
  } else {
    made.log_z = log_integrals(made.mu, made.bandwidth);
  }
  return made;
}

Point ParzenEstimator::sample(const Point& given, RandomStream& random) const {
  const Eigen::ArrayXd logs = log_kernels(given);
  const Eigen::ArrayXd weights = (logs - logs.maxCoeff()).exp();
  double left = random.uniform() * weights.sum();
  Eigen::Index kernel = 0;
  while (kernel + 1 < weights.size() && (left -= weights[kernel]) > 0) ++kernel;
  Point x = given;
  for (const Eigen::Index i : cube_.parents_first()) {
    if (x[i] != kInactive || !cube_.is_active(i, x)) continue;
    x[i] = draw(coordinates_[static_cast<std::size_t>(i)], cube_.axis(i), kernel, random);
  }
  return x;
}

double ParzenEstimator::draw(const Coordinate& along, const Axis& axis, Eigen::Index kernel,
                             RandomStream& random) {
  const double u = random.uniform();
  // Behind the last kernel: the uniform one.
  if (kernel == along.mu.size() || along.mu[kernel] == kInactive) return axis.from_uniform(u);
  const double mu = along.mu[kernel];
  switch (along.kind) {
    case Kind::gaussian: {
      const double s = along.bandwidth;
      const double low = normal_cdf(-mu / s);
      return axis.snap(mu + s * normal_quantile(low + u * (normal_cdf((1 - mu) / s) - low)));
    }
    case Kind::masses: {
      const auto masses = along.log_masses.col(along.level[static_cast<std::size_t>(kernel)]);
      Eigen::Index k = 0;
      for (double rest = u - std::exp(masses[0]); rest > 0 && k + 1 < masses.size();) {
        rest -= std::exp(masses[++k]);
      }
      return axis.level(static_cast<std::uint64_t>(k));
    }
    case Kind::counts:
      break;
  }
  // Any value with the probability that all have in common, else the centre's own.
  const double any = std::exp(along.log_other) * static_cast<double>(axis.levels());
  return u < any ? axis.from_uniform(u / any) : mu;
}

double ParzenEstimator::log_density(const Point& x) const {
  const Eigen::ArrayXd logs = log_kernels(x);
  const double largest = logs.maxCoeff();
  return largest + std::log((logs - largest).exp().sum() / total_weight_);
}

Eigen::ArrayXd ParzenEstimator::log_kernels(const Point& x) const {
  bool is_whole = true;
  for (Eigen::Index i = 0; i < cube_.size(); ++i) {
    is_whole &= x[i] != kInactive || coordinates_[static_cast<std::size_t>(i)].is_conditional;
  }
  Eigen::ArrayXd sums = is_whole ? log_base_ : log_weights_;
  double uniform = std::log(options_.prior_weight);
  for (Eigen::Index i = 0; i < cube_.size(); ++i) {
    if (x[i] == kInactive) continue;
    const Coordinate& along = coordinates_[static_cast<std::size_t>(i)];
    uniform += along.log_uniform;
    if (along.kind != Kind::gaussian) {
      add_listed(along, static_cast<Eigen::Index>(cube_.axis(i).level_of(x[i])), sums);
      continue;
    }
    const double factor = -0.5 / (along.bandwidth * along.bandwidth);
    const auto exponents = factor * (x[i] - along.mu).square();
    if (along.is_conditional) {
      sums += (along.mu < 0).select(0.0, exponents - along.log_z);
    } else if (is_whole) {
      sums += exponents;
    } else {
      sums += exponents - along.log_z;
    }
  }
  Eigen::ArrayXd all(sums.size() + 1);
  all << sums, uniform;
  return all;
}

void ParzenEstimator::add_listed(const Coordinate& along, Eigen::Index value,
                                 Eigen::ArrayXd& sums) {
  for (Eigen::Index k = 0; k < sums.size(); ++k) {
    const Eigen::Index centre = along.level[static_cast<std::size_t>(k)];
    if (centre < 0) {
      sums[k] += along.log_uniform;
    } else if (along.kind == Kind::masses) {
      sums[k] += along.log_masses(value, centre);
    } else {
      sums[k] += centre == value ? along.log_same : along.log_other;
    }
  }
}

}  // namespace hpo
