#include "bayesopt/finite_space.h"

#include <algorithm>

#include "objectives/error.h"

namespace hpo {
namespace {

constexpr std::size_t kMostBranches = 1'000'000;

}  // namespace

std::optional<FiniteSpace> FiniteSpace::of(const UnitCube& cube, std::uint64_t at_most) {
  const auto count = cube.space().cardinality();
  if (!count || *count > at_most) return std::nullopt;
  FiniteSpace space(cube);
  Point x = Point::Constant(cube.size(), kInactive);
  if (!space.add_branches(0, x)) return std::nullopt;
  check(space.size_ == *count, "branches hold every configuration once");
  return space;
}

bool FiniteSpace::is_free(Eigen::Index i, const Point& x) const {
  return x[i] != kInactive && !cube_->is_parent(i);
}

/// Adds the branches of x's coordinates order[from..]; false where there are too many.
bool FiniteSpace::add_branches(std::size_t from, Point& x) {
  const auto& order = cube_->parents_first();
  for (std::size_t k = from; k < order.size(); ++k) {
    const Eigen::Index i = order[k];
    const bool is_active = cube_->is_active(i, x);
    x[i] = is_active ? cube_->axis(i).level(0) : kInactive;
    if (!is_active || !cube_->is_parent(i)) continue;
    for (std::uint64_t level = 0; level < cube_->axis(i).levels(); ++level) {
      x[i] = cube_->axis(i).level(level);
      if (!add_branches(k + 1, x)) return false;
    }
    return true;
  }
  if (branches_.size() == kMostBranches) return false;
  branches_.push_back({.start = x, .first = size_});
  std::uint64_t count = 1;
  for (const Eigen::Index i : order) {
    if (is_free(i, x)) count *= cube_->axis(i).levels();
  }
  size_ += count;
  return true;
}

Point FiniteSpace::at(std::uint64_t index) const {
  check(index < size_, "index of a configuration below their number");
  auto branch = std::upper_bound(
      branches_.begin(), branches_.end(), index,
      [](std::uint64_t value, const Branch& candidate) { return value < candidate.first; });
  --branch;
  Point x = branch->start;
  std::uint64_t rest = index - branch->first;
  for (auto i = cube_->size() - 1; i >= 0; --i) {
    if (!is_free(i, x)) continue;
    const std::uint64_t levels = cube_->axis(i).levels();
    x[i] = cube_->axis(i).level(rest % levels);
    rest /= levels;
  }
  return x;
}

}  // namespace hpo
