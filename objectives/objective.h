#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "objectives/configuration.h"
#include "objectives/error.h"
#include "objectives/search_space.h"
#include "objectives/study.h"

namespace hpo {

/// What an in-process objective gets besides its configuration.
struct ObjectiveContext {
  std::uint64_t seed = 0;
  /// Reports an intermediate value; false asks the objective to stop early.
  std::function<bool(const Measurement&)> report = {};
};

/// A function that is optimised inside the engine's process (`trial: {objective: branin}`).
class Objective {
 public:
  virtual ~Objective() = default;
  /// The space on which the function is defined, and what the file must declare a subset of.
  [[nodiscard]] virtual SearchSpace space() const = 0;
  /// The best value, where it is known; all built-in objectives are minimised.
  [[nodiscard]] virtual double optimum() const = 0;
  /// A configuration at which `optimum` is attained.
  [[nodiscard]] virtual Configuration optimizer() const = 0;
  /// The value, as metric "value". Error: a parameter is missing or of the wrong type.
  virtual Result<Measurement> evaluate(const Configuration& configuration,
                                       const ObjectiveContext& context) = 0;
};

/// The built-in objective of that name. Error: unknown name, with the known ones.
Result<std::unique_ptr<Objective>> make_objective(std::string_view name);

/// Names that make_objective knows, in the table's order.
std::vector<std::string_view> objective_names();

}  // namespace hpo
