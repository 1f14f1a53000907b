#pragma once

#include <vector>

#include "bayesopt/acquisition.h"
#include "bayesopt/candidates.h"

namespace hpo {

/// A point with its acquisition value.
struct ScoredPoint {
  Point x = {};
  double value = 0;
};

/// Maximises the acquisition over a space of any kind: screens candidates, then alternates between
/// the continuous coordinates (projected L-BFGS) and the countable ones (best neighbour) from a few
/// distant starts, all within start.box. All that was found, best first; never empty.
std::vector<ScoredPoint> search_acquisition(const Acquisition& acquisition, const UnitCube& cube,
                                            const SearchStart& start);

/// The acquisition at each of the points, best first.
std::vector<ScoredPoint> scored(const Acquisition& acquisition, std::vector<Point> points);

}  // namespace hpo
