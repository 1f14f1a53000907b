#pragma once

#include "bayesopt/dataset.h"
#include "bayesopt/study_model.h"
#include "bayesopt/surrogate.h"
#include "bayesopt/unit_cube.h"

namespace hpo {

struct StudyModel::Parts {
  StudySpec spec = {};
  UnitCube cube;
  Dimensions dimensions = {};
  Dataset dataset = {};  ///< without pending trials
  Surrogate surrogate;
  Calibration calibration = {};

  [[nodiscard]] const GaussianProcess& gp() const { return *surrogate.objective.observed; }
  /// A transformed objective in the user's unit and sense.
  [[nodiscard]] double in_units(double y) const;
};

}  // namespace hpo
