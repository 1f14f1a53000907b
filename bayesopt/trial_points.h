#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "bayesopt/point_set.h"
#include "bayesopt/unit_cube.h"
#include "objectives/study.h"

namespace hpo {

/// A result of a study that is the same task.
struct PriorPoint {
  Point x = {};
  std::optional<double> value = {};  ///< nothing: it failed
};

/// The points of a study's trials, of all states. Between two suggestions of a long study almost
/// all trials stay what they were: each is encoded once. What it says depends on the study alone.
class TrialPoints {
 public:
  explicit TrialPoints(const UnitCube& cube) : cube_(cube) {}

  /// Looks at a study: the one of before with some changes, or any other.
  void update(const Study& study);

  /// The point of every trial, in the trials' order; nothing where its configuration does not lie
  /// in the space. Lasts until the next update.
  [[nodiscard]] const std::vector<std::optional<Point>>& all() const { return points_; }
  /// What identical studies of strategy.warm_start found, in their order.
  [[nodiscard]] const std::vector<PriorPoint>& prior() const { return prior_; }
  /// Whether a trial has tried or tries x, here or in an identical study.
  [[nodiscard]] bool contains(const Point& x) const { return uses_.contains(x); }
  /// How many different points there are.
  [[nodiscard]] std::uint64_t distinct() const { return uses_.size(); }

 private:
  void update_prior(const Study& study);
  void use(const Point& x, int times);
  void set(std::size_t number, std::optional<Point> x);

  const UnitCube& cube_;
  std::vector<std::shared_ptr<const Trial>> trials_ = {};  ///< that were encoded
  std::vector<std::optional<Point>> points_ = {};
  std::vector<std::shared_ptr<const PriorStudy>> sources_ = {};  ///< that were encoded
  std::vector<PriorPoint> prior_ = {};
  PointMap<int> uses_ = {};  ///< how many trials have the point
};

}  // namespace hpo
