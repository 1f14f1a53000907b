#pragma once

#include <cstddef>
#include <vector>

#include "bayesopt/gaussian_process.h"
#include "bayesopt/merit.h"
#include "bayesopt/output_transform.h"
#include "bayesopt/related.h"
#include "bayesopt/trial_points.h"
#include "objectives/study.h"

namespace hpo {

/// What a study tells a model, as points.
struct Dataset {
  /// What identical studies observed, then this one's in the order in which the trials ended.
  std::vector<Point> observed = {};
  std::vector<double> y = {};      ///< of `observed`: smaller is better
  std::vector<Point> failed = {};  ///< in the trials' order, as `pending`
  std::vector<Point> pending = {};
  RelatedStudies related = {};  ///< may tell something
  std::size_t from_others = 0;  ///< the first so many of `observed`
  /// Of a study that is not plain, by further output (targets.h): of `observed`.
  std::vector<std::vector<double>> further = {};
  Merit merit = {};  ///< of `observed`, where there are further outputs

  /// What says which observations are better than others.
  [[nodiscard]] const std::vector<double>& order() const {
    return further.empty() ? y : merit.place;
  }
};

/// Trials whose configurations do not lie in the space are left out. `points`: of this study.
Dataset dataset_of(const TrialPoints& points, const Study& study);

/// At most `limit` of the rows, ascending: of their y the best third, the newest third, and of the
/// rest every k-th.
std::vector<std::size_t> chosen_of(const std::vector<double>& y,
                                   const std::vector<std::size_t>& rows, std::size_t limit);

/// The observations in these rows, one row for each different point, with the mean of its
/// transformed values and the noise of a mean.
TrainingData training_data(const Dimensions& dimensions, const Dataset& dataset,
                           const std::vector<std::size_t>& rows, const OutputTransform& transform);
/// The same of another output, whose values are `y`.
TrainingData training_data(const Dimensions& dimensions, const Dataset& dataset,
                           const std::vector<double>& y, const std::vector<std::size_t>& rows,
                           const OutputTransform& transform);

/// All observations, one row each. Repetitions stay what they are: a posterior is the same, and a
/// new one changes no earlier row.
TrainingData listed_data(const Dimensions& dimensions, const Dataset& dataset,
                         const std::vector<double>& y, const OutputTransform& transform);

/// The points without repetitions, in order of their first.
std::vector<Point> distinct(const std::vector<Point>& points);

}  // namespace hpo
