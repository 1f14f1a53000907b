#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "bayesopt/study_model.h"

namespace hpo {

/// What a model says along one parameter while the others stay as in a result.
struct Slice {
  std::vector<ParameterValue> values = {};  ///< the parameter's values, in their order
  std::vector<Prediction> predictions = {};
  Configuration through = {};  ///< the best result in which the parameter is active
};

/// What a model says on the grid of two parameters' values while the others stay as in a result.
struct Contour {
  std::vector<ParameterValue> first = {};
  std::vector<ParameterValue> second = {};
  std::vector<double> means = {};  ///< at (i, j): means[i·second.size() + j], in units
  Configuration through = {};      ///< the best result in which both are active
};

/// At most `points` values, evenly spread on the parameter's scale, or all that it has. Where it
/// switches other parameters on, these are in the middle of their ranges. Nothing where the
/// parameter was active in no result. `parameter`: its index in the space.
std::optional<Slice> slice(const StudyModel& model, std::size_t parameter, std::size_t points);

/// The same on at most points × points pairs. Nothing also where one parameter is inactive for
/// some values of the other: then no grid of both has a meaning.
std::optional<Contour> contour(const StudyModel& model, std::size_t first, std::size_t second,
                               std::size_t points);

/// The median of what the model expects of configurations drawn at random.
double random_median(const StudyModel& model);

}  // namespace hpo
