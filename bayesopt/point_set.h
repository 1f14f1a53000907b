#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>

#include "bayesopt/point.h"
#include "objectives/seed.h"

namespace hpo {

struct PointHash {
  std::size_t operator()(const Point& x) const {
    std::uint64_t hash = 0;
    // Adding zero makes the two zeros, which are equal, one.
    for (const double xi : x) hash = mix_seed(hash, std::bit_cast<std::uint64_t>(xi + 0.0));
    return hash;
  }
};

struct PointEqual {
  bool operator()(const Point& a, const Point& b) const { return a.size() == b.size() && a == b; }
};

using PointSet = std::unordered_set<Point, PointHash, PointEqual>;
template <typename T>
using PointMap = std::unordered_map<Point, T, PointHash, PointEqual>;

}  // namespace hpo
