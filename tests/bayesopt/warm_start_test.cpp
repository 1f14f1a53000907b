// Samplers that know other studies.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "bayesopt/auto_sampler.h"
#include "bayesopt/dataset.h"
#include "bayesopt/halving.h"
#include "bayesopt/random_stream.h"
#include "bayesopt/study_model.h"
#include "bayesopt/transfer.h"
#include "bayesopt/trial_points.h"
#include "objectives/json.h"
#include "tests/bayesopt/prior_uses.h"
#include "tests/bayesopt/random_data.h"
#include "tests/bayesopt/studies.h"

namespace hpo {
namespace {

using namespace testing_support;

double bowl(const Configuration& configuration) {
  double sum = 0;
  for (const auto& [name, value] : configuration) sum += std::pow(std::get<double>(value) - 0.7, 2);
  return sum;
}

Study study_of(const SearchSpace& space, int trials, const Evaluate& evaluate,
               const char* sampler = "bayesian", std::uint64_t seed = 3) {
  Study study = empty_study(space, seed);
  run(*sampler_of(sampler, space), study, trials, evaluate);
  return study;
}

nlohmann::json model_of(const Trial& trial) { return parse_json(trial.model).value(); }

TEST(WarmStart, OfAnIdenticalStudyGoesOnWhereItEnded) {
  for (const char* name : {"bayesian", "tpe", "auto"}) {
    const auto space = unit_box(2);
    const Study other = study_of(space, 20, bowl);
    Study study = empty_study(space);
    study.prior = {told(other, Relation::identical)};
    run(*sampler_of(name, space), study, 8, bowl);
    EXPECT_NE(model_of(*study.trials[0]).at("mode"), "design") << name;
    EXPECT_LT(best_value(study), 0.02) << name;
    for (const auto& trial : study.trials) {
      for (const auto& known : other.trials) EXPECT_NE(trial->configuration, known->configuration);
    }
  }
}

TEST(WarmStart, JoinsResultsAndFailuresOfIdenticalStudies) {
  const auto space = unit_box(2);
  Study other = study_of(space, 6, bowl, "random");
  finish(other, 5, TrialState::failed);
  Study study = study_of(space, 2, bowl, "random", 4);
  study.prior = {told(other, Relation::identical), told(other, Relation::related)};
  const UnitCube cube(space);
  TrialPoints points(cube);
  points.update(study);
  const Dataset dataset = dataset_of(points, study);
  EXPECT_EQ(dataset.from_others, 5U);
  EXPECT_EQ(dataset.observed.size(), 7U);
  EXPECT_EQ(dataset.failed.size(), 1U);
  EXPECT_EQ(dataset.y[0], *other.trials[0]->value);
  EXPECT_TRUE(points.contains(*cube.encode(other.trials[5]->configuration)));
  study.prior.clear();
  points.update(study);
  EXPECT_EQ(points.distinct(), 2U);
}

TEST(WarmStart, FindsAFiniteSpaceExhaustedByBoth) {
  const auto space = twelve();
  const Study other = study_of(space, 8, any_value, "random");
  for (const char* name : {"bayesian", "tpe", "auto"}) {
    Study study = empty_study(space);
    study.prior = {told(other, Relation::identical)};
    run(*sampler_of(name, space), study, 20, any_value);
    EXPECT_EQ(study.trials.size(), 4U) << name;
  }
}

TEST(WarmStart, OfARelatedStudyTriesItsBestFirst) {
  const auto space = every_kind();
  const Study other = study_of(space, 15, any_value, "random");
  for (const char* name : {"bayesian", "tpe"}) {
    Study study = empty_study(space);
    study.prior = {told(other, Relation::related)};
    run(*sampler_of(name, space), study, 1, any_value);
    EXPECT_EQ(study.trials[0]->configuration, other.best_trial()->configuration) << name;
  }
}

TEST(WarmStart, TakesTheMiddleForWhatARelatedStudyDidNotSearch) {
  const Study other = study_of(unit_box(1), 10, bowl);
  const auto space = unit_box(2);
  Study study = empty_study(space);
  study.prior = {told(other, Relation::related)};
  run(*sampler_of("bayesian", space), study, 15, bowl);
  EXPECT_EQ(study.trials[0]->configuration.at("x1"), ParameterValue(0.5));
  EXPECT_EQ(study.trials[0]->configuration.at("x0"), other.best_trial()->configuration.at("x0"));
  EXPECT_LT(best_value(study), 0.01);
}

int trials_with_transfer(const Study& study) {
  int count = 0;
  for (const auto& trial : study.trials) {
    const auto model = model_of(*trial);
    if (model.contains("fit") && model.at("fit").contains("transfer")) ++count;
  }
  return count;
}

TEST(WarmStart, UsesARelatedStudyThatPredicts) {
  const auto space = unit_box(4);
  const auto scaled = [](const Configuration& c) { return 100 - 7 + 3 * bowl(c); };
  Study study = empty_study(space);
  study.prior = {told(study_of(space, 30, scaled), Relation::related)};
  run(*sampler_of("bayesian", space), study, 12, bowl);
  EXPECT_GT(trials_with_transfer(study), 3);
  EXPECT_LT(best_value(study), 0.05);
}

/// One seed can be unlucky, so a mean over some: a study that misleads is hardly ever used.
TEST(WarmStart, LeavesRelatedStudiesThatMislead) {
  const auto space = unit_box(4);
  const auto reversed = [](const Configuration& c) { return -bowl(c); };
  const auto unrelated = [](const Configuration& c) {
    return RandomStream(std::hash<std::string>()(canonical_key(c)), Purpose::unseen).uniform();
  };
  constexpr int kSeeds = 8;
  int used = 0;
  double with = 0;
  double without = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Study study = empty_study(space, seed);
    run(*sampler_of("bayesian", space), study, 18, bowl);
    without += best_value(study) / kSeeds;
    Study misled = empty_study(space, seed);
    misled.prior = {told(study_of(space, 30, reversed, "bayesian", seed), Relation::related),
                    told(study_of(space, 30, unrelated, "bayesian", seed), Relation::related)};
    run(*sampler_of("bayesian", space), misled, 20, bowl);  // the first two are the others' best
    used += trials_with_transfer(misled);
    with += best_value(misled) / kSeeds;
  }
  EXPECT_LE(used, 2 * kSeeds);
  EXPECT_LT(with, without + 0.005);
}

TEST(WarmStart, IsAFunctionOfTheStudy) {
  const auto space = every_kind();
  const Study other = study_of(space, 15, any_value, "random");
  for (const auto relation : {Relation::identical, Relation::related}) {
    Study study = empty_study(space);
    const auto once = sampler_of("bayesian", space);
    run(*once, study, 4, any_value);
    study.prior = {told(other, relation)};
    run(*once, study, 8, any_value);
    const auto& last = study.trials.back();
    Study before = study;
    before.trials.pop_back();
    const auto again = sampler_of("bayesian", space)->suggest(before, next_seed(before));
    EXPECT_EQ(again->configuration, last->configuration);
    EXPECT_EQ(again->model, last->model);
  }
}

TEST(WarmStart, IsPartOfTheModelThatExplains) {
  const auto space = unit_box(2);
  const Study other = study_of(space, 20, bowl);
  Study study = study_of(space, 5, bowl, "random", 9);
  study.prior = {told(other, Relation::identical)};
  EXPECT_EQ(StudyModel::of(study).value().observations(), 25);
}

TEST(WarmStart, OfWholeTrainingsIsOnlyRelatedOnALowerRung) {
  const auto space = unit_box(2);
  Study study = empty_study(space);
  study.prior = {told(study_of(space, 10, bowl), Relation::identical)};
  const Ladder ladder = *Ladder::make({.min = 1, .max = 9});
  const Study inner = inner_study(ladder, study, climbs_of(ladder, study), 6);
  ASSERT_EQ(inner.sources().size(), 1U);
  EXPECT_EQ(inner.sources()[0].relation(), Relation::related);
  EXPECT_EQ(study.sources()[0].relation(), Relation::identical);
}

TEST(WarmStart, GivesAutoNoGrid) {
  EXPECT_EQ(choose_sampler(twelve(), 0).name, "grid");
  EXPECT_EQ(choose_sampler(twelve(), 0, true).name, "bayesian");
}

class Slope final : public MeanFunction {
 public:
  [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& X) const override {
    return X.col(0).array().square();
  }
  [[nodiscard]] Eigen::VectorXd gradient(const Point& x) const override {
    return 2 * x[0] * Eigen::VectorXd::Unit(x.size(), 0);
  }
};

TEST(KnownMean, IsAddedToEveryPredictionAndItsGradient) {
  TrainingData data = random_data(Dimensions(3), 12, 8);
  const auto parameters = random_parameters(3, 8);
  const Slope slope;
  const auto plain = GaussianProcess::condition(data, parameters).value();
  data.y += slope.values(data.X);
  data.mean = std::make_shared<const Slope>();
  const auto gp = GaussianProcess::condition(data, parameters).value();
  RandomStream random(2, Purpose::configuration);
  const Eigen::MatrixXd X = random_points(Dimensions(3), 6, random);
  const Eigen::VectorXd added = slope.values(X);
  // Two ways to the same sum differ by rounding alone.
  EXPECT_TRUE(gp.predict(X).mean.col(0).isApprox(plain.predict(X).mean.col(0) + added, 1e-9));
  EXPECT_TRUE(gp.means(X).isApprox(gp.predict(X).mean, 1e-12));
  EXPECT_TRUE(gp.fitted().isApprox(plain.fitted() + slope.values(data.X), 1e-9));
  const Eigen::MatrixXd Z = Eigen::MatrixXd::Constant(6, 2, 0.3);
  const auto drawn = gp.with_fantasies(X, Z).value();
  const Eigen::MatrixXd before = plain.with_fantasies(X, Z).value().fantasies();
  EXPECT_TRUE(drawn.fantasies().isApprox(before.colwise() + added, 1e-8));
  const Point x = X.row(0).transpose();
  const Eigen::VectorXd c = Eigen::VectorXd::Constant(1, 0.7);
  const Eigen::VectorXd g = gp.gradient(x, gp.predict_point(x), c, 0.2);
  constexpr double kStep = 1e-6;
  for (Eigen::Index i = 0; i < 3; ++i) {
    Point up = x;
    Point down = x;
    up[i] += kStep;
    down[i] -= kStep;
    const auto f = [&](const Point& at) {
      const auto posterior = gp.predict_point(at);
      return 0.7 * posterior.mean[0] + 0.2 * posterior.variance;
    };
    EXPECT_NEAR(g[i], (f(up) - f(down)) / (2 * kStep), 1e-6 * (1 + std::abs(g[i])));
  }
}

TEST(Transfer, WeighsAStudyByItsUnitsAndLeavesOutWhatDoesNotHelp) {
  const auto space = unit_box(2);
  const UnitCube cube(space);
  const Study known = study_of(space, 30, bowl);
  const auto related = RelatedStudy::of(cube, known.spec, *told(known, {}).source);
  ASSERT_TRUE(related);
  TrainingData data = random_data(Dimensions(2), 12, 5);
  data.noise_scale.setOnes();
  const FitOptions options{.starts = {prior_center(2)}};
  data.y = 1.5 * related->values(data.X).array() - 4;
  const auto helped = fit_transfer(data, {related}, options, fit(data, options).value());
  ASSERT_TRUE(helped.weights.contains("other"));
  EXPECT_NEAR(helped.weights.at("other"), 1.5, 0.2);
  data.y = -data.y;
  EXPECT_TRUE(fit_transfer(data, {related}, options, fit(data, options).value()).weights.empty());
  EXPECT_FALSE(transfer_mean({related}, {{"gone", 1.0}}));
}

}  // namespace
}  // namespace hpo
