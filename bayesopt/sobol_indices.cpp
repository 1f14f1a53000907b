// A, B (N×d): the halves of one 2d-dimensional Sobol sequence;  AB_i: A with column i of B
//
//   S_i  = (1/N) Σ_j f(B)_j (f(AB_i)_j - f(A)_j) / V                                        (b)
//   ST_i = (1/2N) Σ_j (f(A)_j - f(AB_i)_j)² / V                                             (f)
//   V    = the variance of f over A and B together
//
// f is centred first: (b) multiplies values, and a large mean would drown what they differ in.
//
// Saltelli, Annoni, Azzini, Campolongo, Ratto, Tarantola (2010), "Variance based sensitivity
// analysis of model output", Computer Physics Communications 181.

#include "bayesopt/sobol_indices.h"

#include <algorithm>

#include "bayesopt/random_stream.h"
#include "bayesopt/sobol.h"

namespace hpo {
namespace {

/// Relative to the mean square: less variance is rounding.
constexpr double kConstant = 1e-20;

double share(double part, double variance) {
  return variance > 0 ? std::clamp(part / variance, 0.0, 1.0) : 0.0;
}

}  // namespace

SobolIndices sobol_indices(const Functions& f, Eigen::Index d, Eigen::Index N, std::uint64_t seed) {
  const Sobol sobol(2 * d, seed_for(seed, Purpose::indices));
  Eigen::MatrixXd A(N, d);
  Eigen::MatrixXd B(N, d);
  for (Eigen::Index j = 0; j < N; ++j) {
    const Eigen::VectorXd u = sobol.point(static_cast<std::uint64_t>(j));
    A.row(j) = u.head(d).transpose();
    B.row(j) = u.tail(d).transpose();
  }
  Eigen::MatrixXd f_A = f(A);
  Eigen::MatrixXd f_B = f(B);
  const Eigen::RowVectorXd mean = (f_A.colwise().mean() + f_B.colwise().mean()) / 2;
  f_A.rowwise() -= mean;
  f_B.rowwise() -= mean;
  const Eigen::Index S = f_A.cols();
  SobolIndices indices{.first = Eigen::MatrixXd(d, S), .total = Eigen::MatrixXd(d, S)};
  indices.variance = (f_A.colwise().squaredNorm() + f_B.colwise().squaredNorm()).transpose() /
                     static_cast<double>(2 * N);
  const Eigen::ArrayXd least = kConstant * mean.transpose().array().square();
  indices.variance = (indices.variance.array() > least).select(indices.variance, 0.0);
  for (Eigen::Index i = 0; i < d; ++i) {
    Eigen::MatrixXd AB = A;
    AB.col(i) = B.col(i);
    Eigen::MatrixXd f_AB = f(AB);
    f_AB.rowwise() -= mean;
    for (Eigen::Index s = 0; s < S; ++s) {
      const Eigen::VectorXd change = f_AB.col(s) - f_A.col(s);
      const double n = static_cast<double>(N);
      indices.first(i, s) = share(f_B.col(s).dot(change) / n, indices.variance[s]);
      indices.total(i, s) = share(change.squaredNorm() / (2 * n), indices.variance[s]);
    }
  }
  return indices;
}

}  // namespace hpo
