#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>

namespace hpo {

/// Shares of a function's variance over independent uniform inputs, for each of d inputs and S
/// functions.
struct SobolIndices {
  Eigen::MatrixXd first = {};     ///< d×S, Var(E[f | u_i])/Var(f): what input i explains alone
  Eigen::MatrixXd total = {};     ///< d×S, E[Var(f | u without i)]/Var(f): what it takes part in
  Eigen::VectorXd variance = {};  ///< S, Var(f)
};

/// S functions at the rows of U (M×d, in [0, 1)^d): M×S.
using Functions = std::function<Eigen::MatrixXd(const Eigen::MatrixXd& U)>;

/// The indices of the functions, from N(d + 2) evaluations at N scrambled Sobol points. Shares lie
/// in [0, 1]; those of a constant function are 0. Saltelli et al. (2010), Table 2: (b) for the
/// first order, (f), which is Jansen's (1999), for the total.
SobolIndices sobol_indices(const Functions& f, Eigen::Index d, Eigen::Index N, std::uint64_t seed);

}  // namespace hpo
