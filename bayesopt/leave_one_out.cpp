// K (n×n): covariance with noise, K = L Lᵀ;  alpha = K⁻¹(y - m);  w = K⁻¹ 1
//
//   P = K⁻¹ - w wᵀ/(1ᵀw): the precision with the constant mean unknown;  P y = alpha
//   left out:  y_i - mu_i = alpha_i/P_ii,  variance_i = 1/P_ii
//   (K⁻¹)_ii = |L⁻¹ e_i|²,  and L⁻¹ e_i is zero above row i

#include "bayesopt/leave_one_out.h"

#include <algorithm>

namespace hpo {

LeaveOneOut leave_one_out(const GaussianProcess& gp, Eigen::Index newest) {
  check(gp.fantasies().size() == 0, "left out of observations alone");
  const Eigen::Index n = gp.points().rows();
  const Eigen::Index count = std::min(n, newest);
  const Eigen::Index first = n - count;
  const auto L = gp.factor().L.topLeftCorner(n, n).triangularView<Eigen::Lower>();
  const auto U = gp.factor().L.topLeftCorner(n, n).transpose().triangularView<Eigen::Upper>();
  const Eigen::VectorXd alpha = gp.alpha().col(0);
  Eigen::VectorXd w = L.solve(Eigen::VectorXd::Ones(n));
  U.solveInPlace(w);

  Eigen::MatrixXd V = Eigen::MatrixXd::Identity(count, count);
  gp.factor().L.block(first, first, count, count).triangularView<Eigen::Lower>().solveInPlace(V);
  const Eigen::ArrayXd w_i = w.tail(count).array();
  const Eigen::ArrayXd P = V.colwise().squaredNorm().transpose().array() - w_i.square() / w.sum();

  const Eigen::VectorXd whitened = U * alpha;
  LeaveOneOut left_out{.first = first};
  left_out.y = ((L * whitened).array() + gp.mean()).tail(count);
  left_out.y += gp.known(gp.points().bottomRows(count));
  left_out.variance = P.inverse();
  left_out.residual = alpha.tail(count).array() / P;
  return left_out;
}

}  // namespace hpo
