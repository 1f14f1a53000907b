#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/configuration.h"
#include "objectives/error.h"
#include "objectives/parameter.h"

namespace hpo {

/// One thing wrong with a search space: `parameters.<parameter>.<field>` (field may be empty) and
/// why.
struct SpaceProblem {
  std::string parameter = {};
  std::string field = {};
  std::string message = {};  ///< "must be > 0 for scale log, got 0"
  bool operator==(const SpaceProblem&) const = default;
};

/// The ordered parameters of a study with their conditions.
struct SearchSpace {
  std::vector<Parameter> parameters = {};

  bool operator==(const SearchSpace&) const = default;

  /// Everything that is wrong with the space; empty for a valid one. All other members need a valid
  /// space.
  [[nodiscard]] std::vector<SpaceProblem> problems() const;

  /// The parameter of that name, or null.
  [[nodiscard]] const Parameter* find(std::string_view name) const;

  /// Indices into `parameters`, every parent before its children (ties in the file's order).
  [[nodiscard]] std::vector<std::size_t> parents_first() const;

  /// Whether the conditions of `parameter` hold in `configuration`, which has its parents' values
  /// where they are active.
  [[nodiscard]] bool is_active(const Parameter& parameter,
                               const Configuration& configuration) const;

  /// Success iff the configuration has exactly the active parameters, each within its domain.
  [[nodiscard]] Result<void> check_configuration(const Configuration& configuration) const;

  /// How many configurations there are; nothing where the space is continuous or holds more than
  /// 2^53.
  [[nodiscard]] std::optional<std::uint64_t> cardinality() const;
};

}  // namespace hpo
