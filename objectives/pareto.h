#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace hpo {

/// Two numbers of which less is better. One point dominates another that is no better in either and
/// not the same.
using ParetoPoint = std::array<double, 2>;

/// The indices of the points that none dominates, by their first coordinate; of equal points the
/// first.
std::vector<std::size_t> nondominated(const std::vector<ParetoPoint>& points);

/// How many fronts have to be taken away before a point is on the front: 0 for those that none
/// dominates. Equal points have the same. Deb et al. (2002), by sorting: O(n log n).
std::vector<std::size_t> nondomination_ranks(const std::vector<ParetoPoint>& points);

/// The area that the points dominate within the reference, their upper right corner.
double hypervolume(const std::vector<ParetoPoint>& points, const ParetoPoint& reference);

/// The area that each point of a front, sorted as nondominated() does, dominates alone.
std::vector<double> exclusive_areas(const std::vector<ParetoPoint>& front,
                                    const ParetoPoint& reference);

/// How far each point of a front, sorted likewise, is from having the best of both coordinates, in
/// units of the front's extent; squared.
std::vector<double> distances_to_ideal(const std::vector<ParetoPoint>& front);

/// The point of a front, sorted likewise and not empty, that is nearest to having the best of both
/// coordinates, in units of the front's extent: where getting more of one begins to cost much of
/// the other.
std::size_t knee_of(const std::vector<ParetoPoint>& front);

}  // namespace hpo
