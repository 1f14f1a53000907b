#include "bayesopt/space_advice.h"

#include <gmock/gmock.h>

#include <cmath>

#include "bayesopt/random_stream.h"
#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::IsEmpty;

/// `parameter kind` of each piece of advice after `count` trials of the Bayesian sampler.
std::vector<std::string> advice(const SearchSpace& space, int count, const Evaluate& evaluate,
                                const char* sampler = "bayesian") {
  Study study = empty_study(space);
  run(*sampler_of(sampler, space), study, count, evaluate);
  const auto model = StudyModel::of(study);
  if (!model) return {"no model"};
  std::vector<std::string> result;
  for (const auto& piece : space_advice(*model, importance_of(*model))) {
    result.push_back(piece.parameter + " " + to_string(piece.kind));
  }
  return result;
}

double number(const Configuration& configuration, const char* name) {
  return std::get<double>(configuration.at(name));
}

SearchSpace two(FloatParameter a, FloatParameter b = {.min = -1, .max = 2}) {
  return {.parameters = {{.name = "a", .domain = a}, {.name = "b", .domain = b}}};
}

double bowl(double x, double at) { return (x - at) * (x - at); }

TEST(SpaceAdvice, TheBestAtTheUpperEndAskForMore) {
  const auto found = advice(two({.min = 2, .max = 5}), 30, [](const Configuration& c) {
    return bowl(number(c, "a"), 7) + bowl(number(c, "b"), 0.4);
  });
  EXPECT_THAT(found, ElementsAre("a raise_max"));
}

TEST(SpaceAdvice, TheBestAtTheLowerEndAskForLess) {
  const auto found = advice(two({.min = 2, .max = 5}), 30, [](const Configuration& c) {
    return bowl(number(c, "a"), 1) + bowl(number(c, "b"), 0.4);
  });
  EXPECT_THAT(found, ElementsAre("a lower_min"));
}

TEST(SpaceAdvice, ZeroAndOneAreNoBoundsToMove) {
  const auto found = advice(
      two({.min = 0, .max = 3}, {.min = 0, .max = 1}), 30,
      [](const Configuration& c) { return bowl(number(c, "a"), -1) + bowl(number(c, "b"), 2); });
  EXPECT_THAT(found, testing::Not(testing::Contains("b raise_max")));
  EXPECT_THAT(found, testing::Not(testing::Contains("a lower_min")));
}

TEST(SpaceAdvice, SmallValuesOfAWideRangeAskForALogScale) {
  const auto found = advice(two({.min = 1e-4, .max = 1}), 40, [](const Configuration& c) {
    return bowl(std::log10(number(c, "a")), -2.5) + bowl(number(c, "b"), 0.4);
  });
  EXPECT_THAT(found, ElementsAre("a log_scale"));
}

TEST(SpaceAdvice, AParameterWithoutEffectIsNamed) {
  const auto found = advice(two({.min = -2, .max = 2}), 40, [](const Configuration& c) {
    return bowl(number(c, "a"), 0.5) + 0.3 * number(c, "a");
  });
  EXPECT_THAT(found, ElementsAre("b no_effect"));
}

TEST(SpaceAdvice, AGoodSpaceGetsNone) {
  const auto well = [](const Configuration& c) {
    return bowl(number(c, "a"), 0.3) + bowl(number(c, "b"), 0.4);
  };
  EXPECT_THAT(advice(two({.min = -2, .max = 2}), 40, well), IsEmpty());
  EXPECT_THAT(advice(two({.min = -2, .max = 2}), 40, well, "random"), IsEmpty());
  EXPECT_THAT(advice(every_kind(), 50, any_value, "random"), IsEmpty());
}

TEST(SpaceAdvice, FewOrUnpredictableResultsAreNoEvidence) {
  const auto steep = [](const Configuration& c) { return -number(c, "a"); };
  EXPECT_THAT(advice(two({.min = 2, .max = 5}), 15, steep), IsEmpty());
  RandomStream random(3, Purpose::unseen);
  EXPECT_THAT(advice(
                  two({.min = 2, .max = 5}), 40,
                  [&](const Configuration&) { return random.uniform(); }, "random"),
              IsEmpty());
}

}  // namespace
}  // namespace hpo
