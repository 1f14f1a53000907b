#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "bayesopt/finite_space.h"
#include "bayesopt/unit_cube.h"
#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// Spaces of up to this many configurations are searched for what is left; in larger ones chance
/// finds it.
inline constexpr std::uint64_t kLargestListed = 1'000'000;

/// Whether the study has a trial, in any state, with this configuration.
bool has_trial(const Study& study, const Configuration& configuration);

/// Points that a study has tried or tries now.
class SeenPoints {
 public:
  SeenPoints(const UnitCube& cube, const Study& study);

  [[nodiscard]] bool contains(const Point& x) const { return keys_.contains(key(x)); }
  /// How many different ones there are.
  [[nodiscard]] std::uint64_t size() const { return keys_.size(); }

 private:
  static std::vector<double> key(const Point& x) { return {x.begin(), x.end()}; }

  std::set<std::vector<double>> keys_ = {};
};

/// The first of a sequence of points that the study lacks; where all of the first draws are there,
/// any one that is left of a finite space.
///
/// draw(k): the k-th point of the sequence. `finite`: the space, where it can be listed. Errors:
/// exhausted, if none is left.
Result<Configuration> first_unseen(const UnitCube& cube, const std::optional<FiniteSpace>& finite,
                                   const Study& study, std::uint64_t seed,
                                   const std::function<Point(std::uint64_t)>& draw);

/// The error of a finite space whose `size` configurations have all been tried.
Error space_exhausted(std::uint64_t size);

}  // namespace hpo
