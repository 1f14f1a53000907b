#include "bayesopt/unit_cube.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "bayesopt/finite_space.h"
#include "bayesopt/random_stream.h"
#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

TEST(Axis, StaysWithinTheBoundsToTheLastBit) {
  RandomStream random(1, Purpose::configuration);
  for (int i = 0; i < 3000; ++i) {
    const double a = std::pow(10, -12 * random.uniform());
    const double b = a * (1 + 1e3 * random.uniform());
    const double c = 1 - a;
    const double lo = c * random.uniform();
    for (const Domain& domain :
         {Domain{FloatParameter{.min = a, .max = b, .scale = Scale::log}},
          Domain{FloatParameter{.min = -b, .max = a}},
          Domain{FloatParameter{.min = lo, .max = c, .scale = Scale::reverse_log}}}) {
      const Axis axis(domain);
      for (const double u : {0.0, 1.0, 1 - 1e-16, random.uniform()}) {
        EXPECT_TRUE(contains(domain, axis.decode(u))) << to_text(axis.decode(u));
      }
    }
  }
}

TEST(Axis, EveryLevelOfACountableDomainComesBack) {
  for (const Domain& domain :
       {Domain{IntParameter{.min = -5, .max = 20, .step = 3}},
        Domain{IntParameter{.min = 1, .max = 1000, .scale = Scale::log}},
        Domain{IntParameter{.min = 1, .max = 400, .scale = Scale::log, .step = 7}},
        Domain{FloatParameter{.min = 0.1, .max = 0.7, .step = 0.1}},
        Domain{FloatParameter{.min = -1, .max = 1.05, .step = 0.25}},
        Domain{OrdinalParameter{.values = {text("s"), text("m"), 3.0}}},
        Domain{CategoricalParameter{.values = {text("x"), std::int64_t{4}}}},
        Domain{BoolParameter{}}}) {
    const Axis axis(domain);
    const auto values = finite_values(domain);
    ASSERT_EQ(axis.levels(), values.size());
    for (std::uint64_t k = 0; k < values.size(); ++k) {
      const double u = axis.encode(values[k]);
      EXPECT_EQ(u, axis.level(k));
      EXPECT_EQ(axis.level_of(u), k);
      EXPECT_EQ(axis.decode(u), values[k]);
      EXPECT_TRUE(contains(domain, axis.decode(u)));
    }
  }
}

TEST(Axis, GivesTheEndsOfAnIntegerScaleTheirShare) {
  const Axis linear(IntParameter{.min = 1, .max = 4});
  const Axis logarithmic(IntParameter{.min = 1, .max = 8, .scale = Scale::log});
  EXPECT_EQ(linear.level_of(0.249), 0U);
  EXPECT_EQ(linear.level_of(0.251), 1U);
  // ln 0.5 to ln 8.5: 1 has ln 3 of ln 17.
  const double share = std::log(3) / std::log(17);
  EXPECT_EQ(logarithmic.level_of(share - 1e-9), 0U);
  EXPECT_EQ(logarithmic.level_of(share + 1e-9), 1U);
}

TEST(Axis, HoldsTheWholeRangeOfIntegers) {
  const Domain domain = IntParameter{.min = std::numeric_limits<std::int64_t>::min() + 1,
                                     .max = std::numeric_limits<std::int64_t>::max()};
  const Axis axis(domain);
  EXPECT_EQ(axis.decode(0), ParameterValue{std::numeric_limits<std::int64_t>::min() + 1});
  EXPECT_EQ(axis.decode(1), ParameterValue{std::numeric_limits<std::int64_t>::max()});
  EXPECT_NEAR(static_cast<double>(std::get<std::int64_t>(axis.decode(0.75))), 0x1p62, 0x1p12);
}

TEST(UnitCube, RoundTripsConfigurations) {
  const UnitCube cube(every_kind());
  RandomStream random(3, Purpose::configuration);
  for (int i = 0; i < 500; ++i) {
    Eigen::VectorXd u(cube.size());
    for (double& ui : u) ui = random.uniform();
    const Point x = cube.from_uniforms(u);
    const auto configuration = cube.decode(x);
    ASSERT_TRUE(cube.space().check_configuration(configuration));
    const auto back = cube.encode(configuration);
    ASSERT_TRUE(back);
    EXPECT_TRUE(back->isApprox(x, 1e-9));
    EXPECT_EQ(cube.decode(*back).size(), configuration.size());
  }
}

TEST(UnitCube, EncodesNothingOutsideTheSpace) {
  const UnitCube cube(twelve());
  EXPECT_FALSE(cube.encode({{"kind", text("a")}}));
  EXPECT_FALSE(cube.encode({{"kind", text("b")}, {"count", std::int64_t{9}}}));
  EXPECT_TRUE(cube.encode({{"kind", text("b")}, {"count", std::int64_t{8}}}));
}

TEST(UnitCube, SettlesChildrenOfAChangedParent) {
  const UnitCube cube(twelve());
  const Point fill = (Point(4) << 0, 1, cube.axis(2).level(2), cube.axis(3).level(3)).finished();
  Point x = *cube.encode({{"kind", text("b")}, {"count", std::int64_t{5}}});
  x[0] = 0;
  cube.settle(x, fill);
  EXPECT_EQ(cube.decode(x),
            (Configuration{{"kind", text("a")}, {"flag", true}, {"level", std::int64_t{4}}}));
}

TEST(FiniteSpace, ListsEveryConfigurationOnce) {
  const UnitCube cube(twelve());
  const auto space = FiniteSpace::of(cube, 100);
  ASSERT_TRUE(space);
  ASSERT_EQ(space->size(), 12U);
  std::set<std::string> keys;
  for (std::uint64_t k = 0; k < 12; ++k) {
    const auto configuration = cube.decode(space->at(k));
    EXPECT_TRUE(cube.space().check_configuration(configuration));
    keys.insert(canonical_key(configuration));
  }
  EXPECT_EQ(keys.size(), 12U);
}

TEST(FiniteSpace, IsNoneWhereTooLargeOrContinuous) {
  EXPECT_FALSE(FiniteSpace::of(UnitCube(twelve()), 11));
  EXPECT_FALSE(FiniteSpace::of(UnitCube(every_kind()), 1'000'000'000));
}

}  // namespace
}  // namespace hpo
