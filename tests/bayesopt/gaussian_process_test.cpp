#include "bayesopt/gaussian_process.h"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <cmath>

#include "bayesopt/fit.h"
#include "tests/bayesopt/golden.h"
#include "tests/bayesopt/random_data.h"

namespace hpo {
namespace {

using namespace testing_support;

GaussianProcess conditioned(const TrainingData& data, const GpParameters& parameters) {
  auto gp = GaussianProcess::condition(data, parameters);
  check(gp.has_value(), "a definite covariance");
  return std::move(*gp);
}

TEST(GaussianProcess, AgreesWithScikitLearn) {
  for (const auto& reference : golden("posteriors")) {
    TrainingData data{.X = matrix_from(reference.at("X")), .y = vector_from(reference.at("y"))};
    data.dimensions.resize(static_cast<std::size_t>(data.X.cols()));
    data.noise_scale = Eigen::VectorXd::Ones(data.y.size());
    const auto gp = conditioned(data, {.lengthscales = vector_from(reference.at("lengthscales")),
                                       .signal_variance = reference.at("signal_variance"),
                                       .noise_variance = reference.at("noise_variance")});
    const auto posterior = gp.predict(matrix_from(reference.at("X_star")));
    // With noise 1e-6 the matrix's condition is about 1e7.
    EXPECT_NEAR(gp.mean(), reference.at("m"), 1e-7);
    EXPECT_TRUE(posterior.mean.col(0).isApprox(vector_from(reference.at("mean")), 1e-8));
    EXPECT_TRUE(posterior.variance.isApprox(vector_from(reference.at("variance")), 1e-7));
  }
}

TEST(GaussianProcess, PointAndBatchAgreeAndFittedIsThePosteriorAtTheData) {
  const auto data = random_data(mixed_dimensions(), 25, 4);
  const auto gp = conditioned(data, random_parameters(5, 4));
  const auto posterior = gp.predict(data.X);
  EXPECT_TRUE(posterior.mean.col(0).isApprox(gp.fitted(), 1e-9));
  GpParameters bent = random_parameters(5, 4);
  bent.warp = {.a = Eigen::VectorXd::Constant(5, 1.5), .b = Eigen::VectorXd::Constant(5, 0.7)};
  const auto warped = conditioned(data, bent);
  EXPECT_TRUE(warped.means(data.X).isApprox(warped.predict(data.X).mean, 1e-12));
  for (Eigen::Index k = 0; k < 25; ++k) {
    const auto at = gp.predict_point(data.X.row(k).transpose());
    EXPECT_NEAR(at.mean[0], posterior.mean(k, 0), 1e-10);
    EXPECT_NEAR(at.variance, posterior.variance[k], 1e-10);
  }
}

TEST(GaussianProcess, GradientsAreDerivativesInMixedConditionalSpaces) {
  const auto data = random_data(mixed_dimensions(), 20, 5);
  const auto gp = conditioned(data, random_parameters(5, 5));
  Point x = (Point(5) << 0.31, 0.62, 1, 0.45, kInactive).finished();
  const Eigen::VectorXd c = Eigen::VectorXd::Constant(1, 0.7);
  const auto f = [&](const Point& at) {
    const auto posterior = gp.predict_point(at);
    return 0.7 * posterior.mean[0] - 1.3 * posterior.variance;
  };
  const auto gradient = gp.gradient(x, gp.predict_point(x), c, -1.3);
  for (const Eigen::Index i : {0, 1, 3}) {
    constexpr double kStep = 1e-5;
    Point up = x;
    Point down = x;
    up[i] += kStep;
    down[i] -= kStep;
    EXPECT_NEAR(gradient[i], (f(up) - f(down)) / (2 * kStep), 1e-7 * (1 + std::abs(gradient[i])));
  }
  EXPECT_EQ(gradient[2], 0);
  EXPECT_EQ(gradient[4], 0);
}

TEST(GaussianProcess, AFantasyIsAnObservationWithoutNoise) {
  const auto data = random_data(mixed_dimensions(), 12, 6);
  const auto parameters = random_parameters(5, 6);
  const auto gp = conditioned(data, parameters);
  RandomStream random(9, Purpose::configuration);
  const Eigen::MatrixXd pending = random_points(mixed_dimensions(), 3, random);
  const auto draws = gp.with_fantasies(pending, Eigen::MatrixXd::Constant(3, 2, 0.4));
  ASSERT_TRUE(draws);

  TrainingData more = data;
  more.X.conservativeResize(15, Eigen::NoChange);
  more.X.bottomRows(3) = pending;
  more.y.conservativeResize(15);
  more.y.tail(3) = draws->fantasies().col(0);
  more.noise_scale.conservativeResize(15);
  more.noise_scale.tail(3).setConstant(1e-8 * parameters.signal_variance /
                                       parameters.noise_variance);
  // The mean is held at that of the observations; the extended data would move it a little.
  more.y.array() -= gp.mean();
  const Eigen::MatrixXd X_star = random_points(mixed_dimensions(), 6, random);
  const auto expected = conditioned(more, parameters);
  const auto posterior = draws->predict(X_star);
  EXPECT_TRUE(posterior.variance.isApprox(expected.predict(X_star).variance, 1e-6));
  const Eigen::MatrixXd K = covariance(data.dimensions, parameters, more.X, more.X);
  Eigen::MatrixXd noisy = K;
  noisy.diagonal() += parameters.noise_variance * more.noise_scale;
  const Eigen::VectorXd alpha = noisy.llt().solve(more.y);
  const Eigen::VectorXd mean =
      (covariance(data.dimensions, parameters, X_star, more.X) * alpha).array() + gp.mean();
  EXPECT_TRUE(posterior.mean.col(0).isApprox(mean, 1e-6));
  EXPECT_TRUE(posterior.mean.col(1).isApprox(mean, 1e-6));
}

TEST(GaussianProcess, FantasiesHaveThePosteriorsMoments) {
  const auto data = random_data(Dimensions(2), 6, 7);
  const auto gp = conditioned(data, random_parameters(2, 7));
  const Eigen::MatrixXd x = (Eigen::MatrixXd(1, 2) << 0.9, 0.1).finished();
  const Eigen::MatrixXd Z = (Eigen::MatrixXd(1, 2) << 1, -1).finished();
  const auto draws = gp.with_fantasies(x, Z);
  ASSERT_TRUE(draws);
  const auto posterior = gp.predict(x);
  const double spread = (draws->fantasies()(0, 0) - draws->fantasies()(0, 1)) / 2;
  EXPECT_NEAR(draws->fantasies().mean(), posterior.mean(0, 0), 1e-9);
  EXPECT_NEAR(spread, std::sqrt(posterior.variance[0]), 1e-6);
}

}  // namespace
}  // namespace hpo
