#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "bayesopt/targets.h"
#include "bayesopt/unit_cube.h"

namespace hpo {

/// A branch of a space with conditions: the coordinates of the parents, in their order. A space
/// without conditions is one branch.
using Branch = std::vector<double>;

/// The point that has a branch's coordinates alone, the others kInactive.
Point point_of(const UnitCube& cube, const Branch& branch);

/// What is known of a branch.
struct BranchCount {
  std::size_t tried = 0;  ///< trials that say something, failed and pending ones too
  std::size_t good = 0;   ///< those among the best of all
};

/// The trials of a study, by index, as tpe sees them.
struct Split {
  std::vector<std::size_t> good = {};  ///< the best of each branch
  std::vector<double> weights = {};    ///< of `good`: 1 for a branch's best, less for the next
  std::vector<std::size_t> bad = {};   ///< all others, in order of their numbers
  std::size_t observed = 0;
  std::size_t failed = 0;
  std::size_t pending = 0;
  std::map<Branch, BranchCount> branches = {};
};

/// `points`: of the trials, nothing where one does not lie in the space; `roles`: their targets.
Split split_trials(const UnitCube& cube, const std::vector<Target>& roles,
                   const std::vector<std::optional<Point>>& points);

}  // namespace hpo
