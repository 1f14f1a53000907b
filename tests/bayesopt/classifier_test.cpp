#include "bayesopt/classifier.h"

#include <gtest/gtest.h>

#include <cmath>

#include "bayesopt/normal.h"
#include "tests/bayesopt/random_data.h"

namespace hpo {
namespace {

using namespace testing_support;

double probability(const GaussianProcess& latent, double x, double y) {
  const auto posterior = latent.predict((Eigen::MatrixXd(1, 2) << x, y).finished());
  return normal_cdf(posterior.mean(0, 0) / std::sqrt(1 + posterior.variance[0]));
}

struct Labelled {
  Eigen::MatrixXd X;
  Eigen::VectorXd labels;
};

/// -1 where the first coordinate is above 0.6.
Labelled half_plane(Eigen::Index n) {
  RandomStream random(5, Purpose::configuration);
  const Eigen::MatrixXd X = random_points(Dimensions(2), n, random);
  return {.X = X, .labels = (X.col(0).array() > 0.6).select(Eigen::VectorXd::Constant(n, -1), 1.0)};
}

TEST(Classifier, LearnsAHalfPlaneFromFewPoints) {
  const auto data = half_plane(16);
  const auto latent = fit_classifier(Dimensions(2), data.X, data.labels);
  ASSERT_TRUE(latent);
  for (const double y : {0.1, 0.5, 0.9}) {
    EXPECT_GT(probability(*latent, 0.3, y), 0.8) << y;
    EXPECT_LT(probability(*latent, 0.9, y), 0.3) << y;
  }
}

TEST(Classifier, RepeatedFailuresMakeARegionUnlikely) {
  auto data = half_plane(16);
  const auto before = fit_classifier(Dimensions(2), data.X, data.labels);
  data.X.conservativeResize(20, Eigen::NoChange);
  data.labels.conservativeResize(20);
  for (Eigen::Index i = 16; i < 20; ++i) {
    data.X.row(i) << 0.65, 0.5 + 0.01 * static_cast<double>(i - 16);
    data.labels[i] = -1;
  }
  const auto after = fit_classifier(Dimensions(2), data.X, data.labels);
  ASSERT_TRUE(before && after);
  EXPECT_LT(probability(*after, 0.66, 0.5), probability(*before, 0.66, 0.5));
  EXPECT_LT(probability(*after, 0.66, 0.5), 0.1);
}

TEST(Classifier, OneLabelHasItsExactMoments) {
  // A label +1 and one -1 so far away that they are independent, with the mean held at 0 by
  // symmetry: f | t = 1 has the mean s2 r(0)/sqrt(1 + s2) and expectation propagation is exact.
  const Dimensions far(1, {.is_categorical = true});
  const Eigen::MatrixXd X = (Eigen::MatrixXd(2, 1) << 0, 1).finished();
  const auto latent = fit_classifier(far, X, (Eigen::VectorXd(2) << 1, -1).finished());
  ASSERT_TRUE(latent);
  const auto posterior = latent->predict(X);
  EXPECT_NEAR(posterior.mean(0, 0), -posterior.mean(1, 0), 1e-6);
  EXPECT_GT(posterior.mean(0, 0), 0.5);
}

TEST(Classifier, ChanceFailuresLeaveARegionOpen) {
  // The same point with both outcomes: one of five failed.
  const Eigen::MatrixXd X = Eigen::MatrixXd::Constant(5, 2, 0.5);
  Eigen::VectorXd labels = Eigen::VectorXd::Ones(5);
  labels[2] = -1;
  const auto latent = fit_classifier(Dimensions(2), X, labels);
  ASSERT_TRUE(latent);
  EXPECT_NEAR(probability(*latent, 0.5, 0.5), 0.8, 0.15);
}

}  // namespace
}  // namespace hpo
