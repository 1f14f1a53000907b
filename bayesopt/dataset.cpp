#include "bayesopt/dataset.h"

#include <algorithm>
#include <numeric>

#include "bayesopt/point_set.h"
#include "bayesopt/targets.h"

namespace hpo {

Dataset dataset_of(const TrialPoints& points, const Study& study) {
  Dataset dataset;
  for (const auto& [x, value] : points.prior()) {
    if (!value) {
      dataset.failed.push_back(x);
      continue;
    }
    dataset.observed.push_back(x);
    dataset.y.push_back(target_of_value(study.spec, *value));
  }
  dataset.from_others = dataset.observed.size();
  const auto roles = targets(study);
  std::vector<std::size_t> observed;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto& x = points.all()[i];
    if (!x) continue;
    if (roles[i].role == Role::observed) observed.push_back(i);
    if (roles[i].role == Role::failed) dataset.failed.push_back(*x);
    if (roles[i].role == Role::pending) dataset.pending.push_back(*x);
  }
  std::stable_sort(observed.begin(), observed.end(), [&](std::size_t a, std::size_t b) {
    return study.trials[a]->finished_event < study.trials[b]->finished_event;
  });
  for (const auto i : observed) {
    dataset.observed.push_back(*points.all()[i]);
    dataset.y.push_back(roles[i].y);
  }
  if (study.spec.is_plain()) return dataset;
  dataset.further.resize(further_metrics(study.spec).size());
  for (const auto i : observed) {
    const auto outputs = *further_outputs(study.spec, *study.trials[i]);
    for (std::size_t k = 0; k < outputs.size(); ++k) dataset.further[k].push_back(outputs[k]);
  }
  dataset.merit = merit_of(study.spec, dataset.y, dataset.further);
  return dataset;
}

std::vector<std::size_t> chosen_of(const std::vector<double>& y,
                                   const std::vector<std::size_t>& rows, std::size_t limit) {
  if (rows.size() <= limit) return rows;
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t third = limit / 3;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return y[rows[a]] < y[rows[b]]; });
  std::vector<bool> is_taken(rows.size(), false);
  for (std::size_t k = 0; k < third; ++k) is_taken[order[k]] = true;
  std::size_t taken = third;
  for (std::size_t i = rows.size(); i-- > 0 && taken < 2 * third;) {
    if (is_taken[i]) continue;
    is_taken[i] = true;
    ++taken;
  }
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!is_taken[i]) rest.push_back(i);
  }
  const std::size_t wanted = limit - taken;
  for (std::size_t k = 0; k < wanted; ++k) is_taken[rest[k * rest.size() / wanted]] = true;
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (is_taken[i]) result.push_back(rows[i]);
  }
  return result;
}

TrainingData training_data(const Dimensions& dimensions, const Dataset& dataset,
                           const std::vector<std::size_t>& rows, const OutputTransform& transform) {
  return training_data(dimensions, dataset, dataset.y, rows, transform);
}

TrainingData training_data(const Dimensions& dimensions, const Dataset& dataset,
                           const std::vector<double>& y, const std::vector<std::size_t>& rows,
                           const OutputTransform& transform) {
  std::vector<Point> different;
  PointMap<std::size_t> row_of;
  std::vector<double> sum;
  std::vector<double> count;
  for (const auto i : rows) {
    const Point& x = dataset.observed[i];
    const auto [at, is_new] = row_of.emplace(x, different.size());
    if (is_new) {
      different.push_back(x);
      sum.push_back(0);
      count.push_back(0);
    }
    sum[at->second] += transform(y[i]);
    count[at->second] += 1;
  }
  const auto n = static_cast<Eigen::Index>(different.size());
  const Eigen::Map<const Eigen::ArrayXd> sums(sum.data(), n);
  const Eigen::Map<const Eigen::ArrayXd> counts(count.data(), n);
  return {.dimensions = dimensions,
          .X = rows_of(different, static_cast<Eigen::Index>(dimensions.size())),
          .y = sums / counts,
          .noise_scale = counts.inverse()};
}

TrainingData listed_data(const Dimensions& dimensions, const Dataset& dataset,
                         const std::vector<double>& values, const OutputTransform& transform) {
  const Eigen::Map<const Eigen::VectorXd> y(values.data(),
                                            static_cast<Eigen::Index>(values.size()));
  return {.dimensions = dimensions,
          .X = rows_of(dataset.observed, static_cast<Eigen::Index>(dimensions.size())),
          .y = y.unaryExpr(transform),
          .noise_scale = Eigen::VectorXd::Ones(y.size())};
}

std::vector<Point> distinct(const std::vector<Point>& points) {
  PointSet seen;
  std::vector<Point> result;
  for (const auto& x : points) {
    if (seen.insert(x).second) result.push_back(x);
  }
  return result;
}

}  // namespace hpo
