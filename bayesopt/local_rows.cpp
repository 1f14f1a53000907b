#include "bayesopt/local_rows.h"

#include <algorithm>
#include <numeric>

#include "bayesopt/regime.h"

namespace hpo {
namespace {

constexpr std::size_t kBest = 100;
constexpr std::size_t kSpread = 100;

/// Marks the `count` rows that come first in `order` and are not marked.
template <typename Before>
void mark_first(std::vector<bool>& is_taken, std::size_t count, Before before) {
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < is_taken.size(); ++i) {
    if (!is_taken[i]) rest.push_back(i);
  }
  count = std::min(count, rest.size());
  std::partial_sort(
      rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count), rest.end(),
      [&](std::size_t a, std::size_t b) { return before(a, b) || (!before(b, a) && a < b); });
  for (std::size_t k = 0; k < count; ++k) is_taken[rest[k]] = true;
}

}  // namespace

std::vector<std::size_t> local_rows(const Dimensions& dimensions, const Dataset& dataset,
                                    const Eigen::VectorXd& lengthscales) {
  const auto& y = dataset.order();
  const auto best = static_cast<std::size_t>(std::min_element(y.begin(), y.end()) - y.begin());
  const Eigen::ArrayXd r2 = scaled_squared_distances(dimensions, lengthscales,
                                                     rows_of(dataset.observed, lengthscales.size()),
                                                     dataset.observed[best]);
  std::vector<bool> is_taken(y.size(), false);
  mark_first(is_taken, kLocalRows - kBest - kSpread, [&](std::size_t a, std::size_t b) {
    return r2[static_cast<Eigen::Index>(a)] < r2[static_cast<Eigen::Index>(b)];
  });
  mark_first(is_taken, kBest, [&](std::size_t a, std::size_t b) { return y[a] < y[b]; });
  std::vector<std::size_t> rest;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < y.size(); ++i) (is_taken[i] ? rows : rest).push_back(i);
  const std::size_t spread = std::min(kSpread, rest.size());
  for (std::size_t k = 0; k < spread; ++k) rows.push_back(rest[k * rest.size() / spread]);
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace hpo
