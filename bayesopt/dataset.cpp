#include "bayesopt/dataset.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "bayesopt/targets.h"

namespace hpo {
namespace {

using Key = std::vector<double>;

Key key_of(const Point& x) { return {x.begin(), x.end()}; }

}  // namespace

Dataset dataset_of(const UnitCube& cube, const Study& study) {
  Dataset dataset;
  const auto roles = targets(study);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (roles[i].role == Role::silent) continue;
    auto x = cube.encode(study.trials[i]->configuration);
    if (!x) continue;
    switch (roles[i].role) {
      case Role::observed:
        dataset.observed.push_back(std::move(*x));
        dataset.y.push_back(roles[i].y);
        break;
      case Role::failed:
        dataset.failed.push_back(std::move(*x));
        break;
      case Role::pending:
        dataset.pending.push_back(std::move(*x));
        break;
      case Role::silent:
        break;
    }
  }
  return dataset;
}

std::vector<std::size_t> chosen(const std::vector<double>& y, std::size_t limit) {
  std::vector<std::size_t> order(y.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (y.size() <= limit) return order;
  const std::size_t third = limit / 3;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return y[a] < y[b]; });
  std::vector<bool> is_taken(y.size(), false);
  for (std::size_t k = 0; k < third; ++k) is_taken[order[k]] = true;
  std::size_t taken = third;
  for (std::size_t i = y.size(); i-- > 0 && taken < 2 * third;) {
    if (is_taken[i]) continue;
    is_taken[i] = true;
    ++taken;
  }
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!is_taken[i]) rest.push_back(i);
  }
  const std::size_t wanted = limit - taken;
  for (std::size_t k = 0; k < wanted; ++k) is_taken[rest[k * rest.size() / wanted]] = true;
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (is_taken[i]) result.push_back(i);
  }
  return result;
}

TrainingData training_data(const Dimensions& dimensions, const std::vector<Point>& points,
                           const std::vector<double>& values) {
  const auto different = distinct(points);
  std::map<Key, Eigen::Index> row_of;
  for (const auto& x : different)
    row_of.emplace(key_of(x), static_cast<Eigen::Index>(row_of.size()));
  const auto n = static_cast<Eigen::Index>(different.size());
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(n);
  Eigen::VectorXd count = Eigen::VectorXd::Zero(n);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Eigen::Index row = row_of.at(key_of(points[i]));
    sum[row] += values[i];
    count[row] += 1;
  }
  return {.dimensions = dimensions,
          .X = rows_of(different, static_cast<Eigen::Index>(dimensions.size())),
          .y = sum.cwiseQuotient(count),
          .noise_scale = count.cwiseInverse()};
}

std::vector<Point> distinct(const std::vector<Point>& points) {
  std::map<Key, bool> seen;
  std::vector<Point> result;
  for (const auto& x : points) {
    if (seen.emplace(key_of(x), true).second) result.push_back(x);
  }
  return result;
}

}  // namespace hpo
