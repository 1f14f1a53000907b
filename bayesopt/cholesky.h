#pragma once

#include <Eigen/Core>

#include "objectives/error.h"

namespace hpo {

/// L of K + jitter = L Lᵀ with the least jitter of 0, 1e-8, 1e-7, ..., 1e-2 times `scale` that
/// makes it definite, in K's lower triangle; the relative jitter is returned. Error: numerical.
Result<double> cholesky_in_place(Eigen::MatrixXd& K, double scale);

/// Replaces L, in the lower triangle, by the lower triangle of (L Lᵀ)⁻¹. The upper one is not
/// touched.
void invert_from_cholesky(Eigen::Ref<Eigen::MatrixXd> L);

}  // namespace hpo
