#include "bayesopt/leave_one_out.h"

#include <gtest/gtest.h>

#include "bayesopt/calibration.h"
#include "bayesopt/normal.h"
#include "tests/bayesopt/random_data.h"

namespace hpo {
namespace {

using namespace testing_support;

TrainingData without(const TrainingData& data, Eigen::Index row) {
  TrainingData rest{.dimensions = data.dimensions};
  const Eigen::Index n = data.X.rows();
  rest.X.resize(n - 1, data.X.cols());
  rest.y.resize(n - 1);
  rest.noise_scale.resize(n - 1);
  for (Eigen::Index k = 0; k < n - 1; ++k) {
    const Eigen::Index from = k < row ? k : k + 1;
    rest.X.row(k) = data.X.row(from);
    rest.y[k] = data.y[from];
    rest.noise_scale[k] = data.noise_scale[from];
  }
  return rest;
}

TEST(LeaveOneOut, IsWhatAProcessWithoutThePointPredicts) {
  const Dimensions dimensions = mixed_dimensions();
  const TrainingData data = random_data(dimensions, 30, 4);
  const GpParameters parameters = random_parameters(5, 4);
  const auto gp = GaussianProcess::condition(data, parameters);
  const LeaveOneOut left_out = leave_one_out(*gp, 12);
  ASSERT_EQ(left_out.first, 18);
  ASSERT_EQ(left_out.residual.size(), 12);
  for (Eigen::Index k = 0; k < 12; ++k) {
    const Eigen::Index row = left_out.first + k;
    const auto others = GaussianProcess::condition(without(data, row), parameters);
    const Posterior at = others->predict(data.X.row(row));
    EXPECT_NEAR(left_out.y[k], data.y[row], 1e-9);
    EXPECT_NEAR(left_out.residual[k], data.y[row] - at.mean(0, 0), 1e-8);
    // The mean's own uncertainty is in it, which the prediction above takes for known.
    const double variance = at.variance[0] + parameters.noise_variance * data.noise_scale[row];
    EXPECT_GE(left_out.variance[k], variance * (1 - 1e-9));
    EXPECT_LE(left_out.variance[k], variance * 2);
  }
}

/// A draw of a process with these parameters at n points, times `factor`.
TrainingData drawn(Eigen::Index n, const GpParameters& parameters, double factor) {
  TrainingData data{.dimensions = Dimensions(2)};
  RandomStream random(5, Purpose::configuration);
  data.X = random_points(data.dimensions, n, random);
  data.noise_scale = Eigen::VectorXd::Ones(n);
  const auto factorized = factorize(data.dimensions, parameters, data.X,
                                    Eigen::VectorXd::Constant(n, parameters.noise_variance),
                                    {.base = n, .capacity = n});
  Eigen::VectorXd z(n);
  for (double& zi : z) zi = normal_quantile(random.uniform());
  data.y = factorized->L.triangularView<Eigen::Lower>() * z;
  data.y *= factor;
  return data;
}

GpParameters smooth() {
  return {.lengthscales = Eigen::Vector2d(0.3, 0.5), .signal_variance = 1, .noise_variance = 1e-3};
}

TEST(Calibration, OfDataFromTheModelIsGood) {
  const auto gp = GaussianProcess::condition(drawn(200, smooth(), 1), smooth());
  const Calibration calibration = calibration_of(*gp);
  EXPECT_EQ(calibration.n, 100);
  EXPECT_NEAR(calibration.variance, 1, 0.3);
  EXPECT_NEAR(calibration.within_one, 0.68, 0.1);
  EXPECT_NEAR(calibration.within_two, 0.95, 0.05);
  EXPECT_GT(calibration.explained, 0.9);
  EXPECT_EQ(calibration.widening(), 1);
  EXPECT_TRUE(calibration.is_good());
}

TEST(Calibration, OfDataThreeTimesAsWideAsksForWidening) {
  const auto gp = GaussianProcess::condition(drawn(200, smooth(), 3), smooth());
  const Calibration calibration = calibration_of(*gp);
  EXPECT_NEAR(calibration.variance, 9, 2.5);
  EXPECT_GE(calibration.widening(), calibration.variance);
  EXPECT_FALSE(calibration.is_good());
}

TEST(Calibration, AWidenedProcessHasItsMeansAndIsGood) {
  const TrainingData data = drawn(120, smooth(), 3);
  const auto gp = GaussianProcess::condition(data, smooth());
  const GaussianProcess wide = gp->widened(9);
  GpParameters wider = smooth();
  wider.signal_variance *= 9;
  wider.noise_variance *= 9;
  const Eigen::MatrixXd at = Eigen::MatrixXd::Random(5, 2).cwiseAbs();
  const Posterior posterior = wide.predict(at);
  const Posterior anew = GaussianProcess::condition(data, wider)->predict(at);
  EXPECT_LT((posterior.mean - gp->predict(at).mean).norm(), 1e-9);
  EXPECT_LT((posterior.mean - wide.means(at)).norm(), 1e-12);
  EXPECT_LT((posterior.mean - anew.mean).norm(), 1e-8);
  EXPECT_LT((posterior.variance - anew.variance).norm(), 1e-9);
  EXPECT_LT((wide.fitted() - gp->fitted()).norm(), 1e-12);
  EXPECT_TRUE(calibration_of(wide).is_good());
}

TEST(Calibration, OfAFewResultsSaysNothing) {
  const auto gp = GaussianProcess::condition(drawn(9, smooth(), 3), smooth());
  const Calibration calibration = calibration_of(*gp);
  EXPECT_EQ(calibration.widening(), 1);
  EXPECT_FALSE(calibration.is_good());
}

}  // namespace
}  // namespace hpo
