#include "bayesopt/sobol.h"

#include <gtest/gtest.h>

#include <set>

namespace hpo {
namespace {

TEST(Sobol, HasTheDirectionNumbersOfJoeAndKuo) {
  // Points 1 to 8 of dimensions 1 to 6, as torch.quasirandom.SobolEngine gives them.
  constexpr double kReference[8][6] = {{.5, .5, .5, .5, .5, .5},
                                       {.75, .25, .25, .25, .75, .75},
                                       {.25, .75, .75, .75, .25, .25},
                                       {.375, .375, .625, .875, .375, .125},
                                       {.875, .875, .125, .375, .875, .625},
                                       {.625, .125, .875, .625, .625, .875},
                                       {.125, .625, .375, .125, .125, .375},
                                       {.1875, .3125, .9375, .4375, .5625, .3125}};
  const Sobol sobol(6, std::nullopt);
  EXPECT_TRUE(sobol.point(0).isZero());
  for (std::uint64_t k = 1; k <= 8; ++k) {
    const auto u = sobol.point(k);
    for (Eigen::Index i = 0; i < 6; ++i) EXPECT_EQ(u[i], kReference[k - 1][i]) << k << " " << i;
  }
}

TEST(Sobol, HitsEveryElementaryIntervalOnceWithAndWithoutScrambling) {
  constexpr std::uint64_t kPoints = 256;
  for (const auto seed : {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{1},
                          std::optional<std::uint64_t>{99}}) {
    const Sobol sobol(20, seed);
    std::vector<std::set<int>> hit(20);
    for (std::uint64_t k = 0; k < kPoints; ++k) {
      const auto u = sobol.point(k);
      for (Eigen::Index i = 0; i < 20; ++i) {
        hit[static_cast<std::size_t>(i)].insert(static_cast<int>(u[i] * kPoints));
      }
    }
    for (const auto& intervals : hit) EXPECT_EQ(intervals.size(), kPoints);
  }
}

TEST(Sobol, ScramblingKeepsTheNetInTwoDimensions) {
  // 16 points of a (0, 4, 2)-net: one in each of the 4×4 squares.
  const Sobol sobol(2, 5);
  std::set<std::pair<int, int>> squares;
  for (std::uint64_t k = 0; k < 16; ++k) {
    const auto u = sobol.point(k);
    squares.emplace(static_cast<int>(4 * u[0]), static_cast<int>(4 * u[1]));
  }
  EXPECT_EQ(squares.size(), 16U);
}

TEST(Sobol, SeedsDecideTheScramble) {
  EXPECT_EQ(Sobol(3, 5).point(7), Sobol(3, 5).point(7));
  EXPECT_NE(Sobol(3, 5).point(7), Sobol(3, 6).point(7));
}

TEST(Sobol, GoesOnBeyondTheTablesDimensions) {
  const auto u = Sobol(4000, 1).point(3);
  EXPECT_GT(u.minCoeff(), 0);
  EXPECT_LT(u.maxCoeff(), 1);
}

}  // namespace
}  // namespace hpo
