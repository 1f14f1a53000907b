// L = [A 0; B C] by halves (n/2 each), so that all but small blocks is work for matrix products:
//
//   L⁻¹ = [A⁻¹ 0; -C⁻¹ B A⁻¹  C⁻¹]                  n³/3 operations
//   M = L⁻¹ likewise:  MᵀM = [AᵀA + BᵀB  ·; CᵀB  CᵀC]   n³/3
//
// Solving with the identity, which does not know of its zeros, takes three times as long.

#include "bayesopt/cholesky.h"

#include <Eigen/Cholesky>

namespace hpo {
namespace {

using Block = Eigen::Ref<Eigen::MatrixXd>;

/// Up to this size halving costs more than the zeros.
constexpr Eigen::Index kSmall = 32;

void invert_lower(Block L) {
  const Eigen::Index n = L.rows();
  if (n <= kSmall) {
    const Eigen::MatrixXd inverse =
        L.triangularView<Eigen::Lower>().solve(Eigen::MatrixXd::Identity(n, n));
    L.triangularView<Eigen::Lower>() = inverse;
    return;
  }
  const Eigen::Index h = n / 2;
  Block A = L.topLeftCorner(h, h);
  Block B = L.bottomLeftCorner(n - h, h);
  Block C = L.bottomRightCorner(n - h, n - h);
  C.triangularView<Eigen::Lower>().solveInPlace(B);
  A.triangularView<Eigen::Lower>().solveInPlace<Eigen::OnTheRight>(B);
  B = -B;
  invert_lower(A);
  invert_lower(C);
}

/// The lower triangle of MᵀM, M lower triangular.
void square_lower(Block M) {
  const Eigen::Index n = M.rows();
  if (n <= kSmall) {
    const Eigen::MatrixXd lower = M.triangularView<Eigen::Lower>();
    M.triangularView<Eigen::Lower>() = lower.transpose() * lower;
    return;
  }
  const Eigen::Index h = n / 2;
  Block A = M.topLeftCorner(h, h);
  Block B = M.bottomLeftCorner(n - h, h);
  Block C = M.bottomRightCorner(n - h, n - h);
  square_lower(A);
  A.selfadjointView<Eigen::Lower>().rankUpdate(B.transpose());
  B = C.transpose().triangularView<Eigen::Upper>() * B;
  square_lower(C);
}

}  // namespace

Result<double> cholesky_in_place(Eigen::MatrixXd& K, double scale) {
  // A power of ten at a time: the least jitter that works distorts the posterior least.
  const Eigen::VectorXd diagonal = K.diagonal();
  for (double jitter = 0; jitter <= 1.1e-2; jitter = jitter == 0 ? 1e-8 : jitter * 10) {
    Eigen::MatrixXd factor = K;
    factor.diagonal() = diagonal.array() + jitter * scale;
    const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> llt(factor);
    if (llt.info() != Eigen::Success || !factor.diagonal().allFinite()) continue;
    K.swap(factor);
    return jitter;
  }
  return Error{.code = ErrorCode::numerical,
               .message = "the covariance matrix is not positive definite"};
}

void invert_from_cholesky(Eigen::Ref<Eigen::MatrixXd> L) {
  invert_lower(L);
  square_lower(L);
}

}  // namespace hpo
