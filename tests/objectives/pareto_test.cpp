#include "objectives/pareto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace hpo {
namespace {

using testing::ElementsAre;

bool dominates(const ParetoPoint& a, const ParetoPoint& b) {
  return a[0] <= b[0] && a[1] <= b[1] && a != b;
}

/// Points on a coarse grid, so that coordinates and points repeat.
std::vector<ParetoPoint> grid_points(int n, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<ParetoPoint> points;
  for (int i = 0; i < n; ++i) {
    const auto x = static_cast<double>(engine() % 9);
    points.push_back({x, static_cast<double>(engine() % 9)});
  }
  return points;
}

/// Ranks by definition: take away what nothing that is left dominates.
std::vector<std::size_t> peeled(const std::vector<ParetoPoint>& points) {
  std::vector<std::size_t> ranks(points.size(), points.size());
  for (std::size_t rank = 0; rank < points.size(); ++rank) {
    std::vector<std::size_t> front;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (ranks[i] < rank) continue;
      bool is_free = true;
      for (std::size_t j = 0; j < points.size(); ++j) {
        if (ranks[j] >= rank && dominates(points[j], points[i])) is_free = false;
      }
      if (is_free) front.push_back(i);
    }
    for (const auto i : front) ranks[i] = rank;
  }
  return ranks;
}

TEST(Pareto, TheFrontHoldsWhatNothingDominatesOnce) {
  EXPECT_THAT(nondominated({{3, 1}, {1, 3}, {2, 2}, {2, 2}, {3, 2}, {1, 4}}), ElementsAre(1, 2, 0));
  EXPECT_THAT(nondominated({}), ElementsAre());
}

TEST(Pareto, RanksAreThoseOfPeelingFrontsOff) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const auto points = grid_points(30, seed);
    EXPECT_EQ(nondomination_ranks(points), peeled(points)) << "seed " << seed;
  }
}

TEST(Pareto, HypervolumeIsTheCountOfDominatedCells) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const auto points = grid_points(8, seed);
    int cells = 0;
    for (int x = 0; x < 7; ++x) {
      for (int y = 0; y < 7; ++y) {
        for (const auto& p : points) {
          if (p[0] > x || p[1] > y) continue;
          ++cells;
          break;
        }
      }
    }
    EXPECT_EQ(hypervolume(points, {7, 7}), cells) << "seed " << seed;
  }
}

TEST(Pareto, ExclusiveAreasAreWhatIsLostWithoutThePoint) {
  const std::vector<ParetoPoint> front = {{1, 5}, {2, 3}, {4, 1}};
  const ParetoPoint reference = {6, 6};
  const auto areas = exclusive_areas(front, reference);
  for (std::size_t i = 0; i < front.size(); ++i) {
    auto others = front;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_DOUBLE_EQ(areas[i], hypervolume(front, reference) - hypervolume(others, reference));
  }
}

TEST(Pareto, TheKneeIsNearestToTheBestOfBoth) {
  EXPECT_EQ(knee_of({{0, 100}, {0.1, 20}, {0.5, 10}, {1, 0}}), 1U);
  EXPECT_EQ(knee_of({{0, 100}, {0.9, 90}, {1, 0}}), 0U);
  EXPECT_EQ(knee_of({{4, 4}}), 0U);
}

}  // namespace
}  // namespace hpo
