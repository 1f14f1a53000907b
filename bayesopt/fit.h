#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "bayesopt/gaussian_process.h"

namespace hpo {

/// Standard deviation of ln lengthscale under its prior.
inline constexpr double kLogLengthscaleStddev = 0.8;

/// The parameters at the centre of their priors, for d coordinates.
GpParameters prior_center(Eigen::Index dimensions);
/// Parameters drawn from their priors, within the bounds of the fit.
GpParameters prior_draw(Eigen::Index dimensions, std::uint64_t seed);

/// theta: ln lengthscales (d), ln signal variance, ln noise variance, and where coordinates may be
/// bent ln a (d) and ln b (d); clipped to the fit's bounds.
Eigen::VectorXd theta_from(const GpParameters& parameters, bool is_warped);
GpParameters parameters_from(const Eigen::VectorXd& theta, Eigen::Index dimensions);

/// -ln p(y | X, theta) - ln p(theta), the mean profiled out, and its gradient by theta.
class PenalizedLikelihood {
 public:
  explicit PenalizedLikelihood(const TrainingData& data);

  /// The value, with the gradient (of theta's size, d + 2 or 3d + 2) in the second argument;
  /// +infinity where K is indefinite.
  double operator()(const Eigen::VectorXd& theta, Eigen::VectorXd& gradient) const;

 private:
  const TrainingData& data_;
  Eigen::MatrixXd D_;  ///< P×d: D_i of every pair of points that are not bent
};

struct FitOptions {
  std::vector<GpParameters> starts = {};
  bool is_warped = false;  ///< whether coordinates may be bent
  int max_iterations = 20;
};

struct Fit {
  GpParameters parameters = {};
  double value = 0;     ///< penalised negative log likelihood
  int evaluations = 0;  ///< of the likelihood
};

/// The parameters that maximise likelihood times prior, from the best of the starts. Error:
/// numerical, if the likelihood is finite at none.
Result<Fit> fit(const TrainingData& data, const FitOptions& options);

}  // namespace hpo
