#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include "bayesopt/growing_factor.h"
#include "bayesopt/kernel.h"
#include "bayesopt/mean_function.h"
#include "objectives/error.h"

namespace hpo {

/// What a Gaussian process is conditioned on.
struct TrainingData {
  Dimensions dimensions = {};                     ///< d
  Eigen::MatrixXd X = {};                         ///< n×d, one point a row
  Eigen::VectorXd y = {};                         ///< n, transformed objective
  Eigen::VectorXd noise_scale = {};               ///< n, 1/k where y is the mean of k evaluations
  std::shared_ptr<const MeanFunction> mean = {};  ///< known before; null: nothing is
};

/// The posterior of the latent f (without noise) at m points, for each of S sets of targets.
struct Posterior {
  Eigen::MatrixXd mean = {};      ///< m×S
  Eigen::VectorXd variance = {};  ///< m, ≥ kLeastVariance
};

/// The posterior at one point, with what its gradient needs.
struct PointPosterior {
  Eigen::VectorXd mean = {};    ///< S
  double variance = 0;          ///< ≥ kLeastVariance
  Eigen::ArrayXd slope = {};    ///< N, dk/d(r²) to every data point
  Eigen::VectorXd solved = {};  ///< N, K⁻¹ k
};

/// Variances are not reported below this (of an objective with variance one): where rounding is
/// larger than what is left.
inline constexpr double kLeastVariance = 1e-12;

/// An exact Gaussian process with a constant mean (profiled out) added to what is known of it
/// before (TrainingData::mean), conditioned on n points; after with_fantasies also on S joint draws
/// at further points.
class GaussianProcess {
 public:
  /// Error: numerical, if K stays indefinite after jitter 1e-2·signal_variance.
  static Result<GaussianProcess> condition(const TrainingData& data,
                                           const GpParameters& parameters);
  /// With the factor of the data's covariance at warped points, whose noise is
  /// parameters.noise_variance times noise_scale.
  static GaussianProcess condition(const TrainingData& data, std::shared_ptr<const Factor> factor);

  /// The process conditioned further on draws of f at the m rows of X, one draw for each column of
  /// Z (m×S standard normal numbers). Of a process without fantasies. Error: numerical.
  [[nodiscard]] Result<GaussianProcess> with_fantasies(const Eigen::MatrixXd& X,
                                                       const Eigen::MatrixXd& Z) const;
  /// The process with all variances times `factor`: its means stay. Of one without fantasies.
  [[nodiscard]] GaussianProcess widened(double factor) const;
  /// The draws of with_fantasies, m×S; empty without.
  [[nodiscard]] const Eigen::MatrixXd& fantasies() const { return fantasies_; }

  /// Posterior at the rows of X_star (m×d).
  [[nodiscard]] Posterior predict(const Eigen::MatrixXd& X_star) const;
  /// Its mean alone (m×S), without the solve that a variance takes.
  [[nodiscard]] Eigen::MatrixXd means(const Eigen::MatrixXd& X_star) const;
  [[nodiscard]] PointPosterior predict_point(const Point& x) const;
  /// d(c'mean + e·variance)/dx at x, whose posterior is `at`; c has S entries. d.
  [[nodiscard]] Eigen::VectorXd gradient(const Point& x, const PointPosterior& at,
                                         const Eigen::VectorXd& c, double e) const;

  /// The data points, N×d: the n of the training data, then those of the fantasies.
  [[nodiscard]] const Eigen::MatrixXd& points() const { return points_; }
  /// The same as distances see them: warped.
  [[nodiscard]] const Eigen::MatrixXd& warped_points() const { return X_; }
  /// Posterior means at the n points of the training data, by mu = y - noise·alpha.
  [[nodiscard]] const Eigen::VectorXd& fitted() const { return fitted_; }
  /// K⁻¹ (Y - m), N×S.
  [[nodiscard]] const Eigen::MatrixXd& alpha() const { return alpha_; }
  /// Of the n training points.
  [[nodiscard]] const Factor& factor() const { return *factor_; }
  [[nodiscard]] const Dimensions& dimensions() const { return dimensions_; }
  [[nodiscard]] const GpParameters& parameters() const { return factor_->parameters; }
  [[nodiscard]] double mean() const { return m_; }
  /// What was known before, at the rows of X.
  [[nodiscard]] Eigen::VectorXd known(const Eigen::MatrixXd& X) const;
  /// How much was added to K's diagonal, relative to the signal variance, to make it definite.
  [[nodiscard]] double jitter() const { return jitter_; }

 private:
  GaussianProcess() = default;

  /// L⁻¹ V and L⁻ᵀ V in place, L the factor of all N points, V a matrix or (much faster than a
  /// matrix of one column) a vector.
  template <typename Dense>
  void solve_lower(Dense& V) const;
  template <typename Dense>
  void solve_upper(Dense& V) const;

  Dimensions dimensions_ = {};
  std::shared_ptr<const Factor> factor_ = {};  // of the n training points
  Eigen::MatrixXd points_ = {};                // N×d, N = n + m with m fantasised points
  Eigen::MatrixXd X_ = {};                     // N×d, points_ warped
  Eigen::MatrixXd B_ = {};                     // n×m
  Eigen::MatrixXd C_ = {};                     // m×m
  Eigen::MatrixXd beta_ = {};                  // N×S, L⁻¹ (Y - m)
  Eigen::MatrixXd alpha_ = {};                 // N×S, K⁻¹ (Y - m)
  Eigen::VectorXd fitted_ = {};                // n
  Eigen::MatrixXd fantasies_ = {};             // m×S
  std::shared_ptr<const MeanFunction> known_ = {};
  double m_ = 0;
  double jitter_ = 0;
};

/// The rows of the training data by their fitted means, best (least) first.
std::vector<Eigen::Index> best_first(const GaussianProcess& gp);

}  // namespace hpo
