// p, q: densities of a coordinate among the best and among all, as probabilities of C cells
//
//   D = Σ_c q_c (p_c/q_c - 1)²: the Pearson divergence, times two
//
// Numbers: Gaussian kernels on kCells cells, bandwidth by Scott's rule, and a cell for inactive.
// Categories: their counts. Both with one observation spread evenly, so that no q_c is zero.

#include "bayesopt/marginal_divergence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hpo {
namespace {

constexpr std::size_t kFewest = 30;
constexpr std::size_t kFewestBest = 5;
constexpr Eigen::Index kCells = 50;

using Rows = std::vector<std::size_t>;

Rows best_first(const std::vector<double>& y) {
  Rows rows(y.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t a, std::size_t b) { return y[a] < y[b]; });
  return rows;
}

/// Scott's n^(-1/5) times the values' deviation, at least a cell.
double bandwidth(const Eigen::ArrayXd& values) {
  const double n = static_cast<double>(values.size());
  const double stddev = std::sqrt((values - values.mean()).square().mean());
  return std::max(stddev * std::pow(n, -0.2), 1.0 / kCells);
}

/// Adds each number's kernel, of weight one, to the cells.
void add_kernels(const Eigen::ArrayXd& values, Eigen::Ref<Eigen::ArrayXd> cells) {
  const double h = bandwidth(values);
  const Eigen::ArrayXd centers =
      (Eigen::ArrayXd::LinSpaced(kCells, 0, kCells - 1) + 0.5) / static_cast<double>(kCells);
  for (const double value : values) {
    const Eigen::ArrayXd kernel = (-0.5 * ((centers - value) / h).square()).exp();
    cells += kernel / kernel.sum();
  }
}

/// The coordinate's distribution over the rows; the last cell is inactive.
Eigen::ArrayXd distribution(const Axis& axis, Eigen::Index i, const Dataset& dataset,
                            const Rows& rows) {
  const auto count =
      axis.is_categorical() ? static_cast<Eigen::Index>(axis.levels()) : Eigen::Index{kCells};
  Eigen::ArrayXd cells = Eigen::ArrayXd::Constant(count + 1, 1.0 / static_cast<double>(count + 1));
  std::vector<double> numbers;
  for (const auto row : rows) {
    const double x = dataset.observed[row][i];
    if (x == kInactive) {
      cells[count] += 1;
    } else if (axis.is_categorical()) {
      cells[static_cast<Eigen::Index>(x)] += 1;
    } else {
      numbers.push_back(x);
    }
  }
  if (!numbers.empty()) {
    const auto n = static_cast<Eigen::Index>(numbers.size());
    add_kernels(Eigen::Map<const Eigen::ArrayXd>(numbers.data(), n), cells.head(count));
  }
  return cells / cells.sum();
}

}  // namespace

std::vector<double> marginal_divergence(const UnitCube& cube, const Dataset& dataset) {
  if (dataset.y.size() < kFewest) return {};
  const Rows all = best_first(dataset.y);
  const std::size_t count = std::max(kFewestBest, all.size() / 10);
  const Rows best(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<double> shares;
  for (Eigen::Index i = 0; i < cube.size(); ++i) {
    const Eigen::ArrayXd p = distribution(cube.axis(i), i, dataset, best);
    const Eigen::ArrayXd q = distribution(cube.axis(i), i, dataset, all);
    shares.push_back((q * (p / q - 1).square()).sum());
  }
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share = sum > 0 ? share / sum : 0;
  return shares;
}

}  // namespace hpo
