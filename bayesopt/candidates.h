#pragma once

#include <cstdint>
#include <vector>

#include "bayesopt/random_stream.h"
#include "bayesopt/unit_cube.h"

namespace hpo {

/// A part of the cube: bounds of the coordinates that have an order.
struct Box {
  Point lower = {};
  Point upper = {};
};
Box whole_cube(Eigen::Index dimensions);

/// Where a search for the next point begins, and what it keeps to.
struct SearchStart {
  std::vector<Point> best = {};  ///< the best observed points, best first
  Point fill = {};               ///< a value for every coordinate, for parameters that a change of
                                 ///< their parents makes active
  Box box = {};
  std::uint64_t seed = 0;
  /// In units of these the acquisition is about equally curved along all coordinates; empty: 1.
  Eigen::VectorXd lengthscales = {};
};

/// Points to screen: `spread` of a scrambled Sobol sequence, and `around` random changes of each of
/// the best observed ones.
std::vector<Point> candidates(const UnitCube& cube, const SearchStart& start, int spread,
                              int around);

/// Points that differ from x in one parameter with countable values (and what depends on it): every
/// other value where there are few, else steps of 1, 2, 4, ..., 64 and four random ones.
std::vector<Point> neighbours(const UnitCube& cube, const Point& x, const SearchStart& start,
                              RandomStream& random);

}  // namespace hpo
