#pragma once

#include <vector>

#include "objectives/objective.h"

namespace hpo {

/// An objective f(x) of real parameters. What every synthetic function shares.
class SyntheticObjective : public Objective {
 public:
  Result<Measurement> evaluate(const Configuration& configuration,
                               const ObjectiveContext& context) final;

 protected:
  /// The function's value at x, whose entries are in the order of space().
  [[nodiscard]] virtual double value(const std::vector<double>& x) const = 0;
};

}  // namespace hpo
