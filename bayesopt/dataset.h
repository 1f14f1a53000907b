#pragma once

#include <cstddef>
#include <vector>

#include "bayesopt/gaussian_process.h"
#include "bayesopt/unit_cube.h"
#include "objectives/study.h"

namespace hpo {

/// What a study tells a model, as points, each list in the trials' order.
struct Dataset {
  std::vector<Point> observed = {};
  std::vector<double> y = {};  ///< of `observed`: smaller is better
  std::vector<Point> failed = {};
  std::vector<Point> pending = {};
};

/// Trials whose configurations do not lie in the space are left out.
Dataset dataset_of(const UnitCube& cube, const Study& study);

/// At most `limit` indices into y, ascending: the best third, the newest third, and of the rest
/// every k-th.
std::vector<std::size_t> chosen(const std::vector<double>& y, std::size_t limit);

/// One row for each different point, with the mean of its values and the noise of a mean.
TrainingData training_data(const Dimensions& dimensions, const std::vector<Point>& points,
                           const std::vector<double>& values);

/// The points without repetitions, in order of their first.
std::vector<Point> distinct(const std::vector<Point>& points);

}  // namespace hpo
