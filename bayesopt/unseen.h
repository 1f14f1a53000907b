#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "bayesopt/finite_space.h"
#include "bayesopt/trial_points.h"
#include "bayesopt/unit_cube.h"
#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// Spaces of up to this many configurations are searched for what is left; in larger ones chance
/// finds it.
inline constexpr std::uint64_t kLargestListed = 1'000'000;

/// The first of a sequence of points that the study lacks; where all of the first draws are there,
/// any one that is left.
///
/// draw(k): the k-th point of the sequence. `finite`: the space, where it can be listed. Errors:
/// exhausted, if none is left of a finite space.
Result<Configuration> first_unseen(const UnitCube& cube, const std::optional<FiniteSpace>& finite,
                                   const TrialPoints& points, std::uint64_t seed,
                                   const std::function<Point(std::uint64_t)>& draw);
/// The same for a sampler that keeps no points: encodes every trial of the study.
Result<Configuration> first_unseen(const UnitCube& cube, const std::optional<FiniteSpace>& finite,
                                   const Study& study, std::uint64_t seed,
                                   const std::function<Point(std::uint64_t)>& draw);

/// The error of a finite space whose `size` configurations have all been tried.
Error space_exhausted(std::uint64_t size);

}  // namespace hpo
