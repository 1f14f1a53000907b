#include "bayesopt/pending.h"

#include <algorithm>

#include "bayesopt/normal.h"
#include "bayesopt/random_stream.h"
#include "bayesopt/sobol.h"
#include "bayesopt/unit_cube.h"

namespace hpo {
namespace {

constexpr Eigen::Index kFantasies = 32;
/// Of more pending trials than this only the newest kDrawn are drawn.
constexpr Eigen::Index kMostDrawn = 64;
constexpr Eigen::Index kDrawn = 32;
/// Pending trials that the model sees, the newest ones: their factor is made for every suggestion.
constexpr std::size_t kMostPending = 256;

/// Standard normal numbers, m×S: a scrambled Sobol sequence for the last rows, zeros (which stand
/// for the predicted mean) for those before.
Eigen::MatrixXd base_draws(Eigen::Index m, std::uint64_t seed) {
  const Eigen::Index drawn = m > kMostDrawn ? kDrawn : m;
  const Sobol sobol(drawn, seed_for(seed, Purpose::fantasies));
  Eigen::MatrixXd Z = Eigen::MatrixXd::Zero(m, kFantasies);
  for (Eigen::Index s = 0; s < kFantasies; ++s) {
    Z.col(s).tail(drawn) = sobol.point(static_cast<std::uint64_t>(s)).unaryExpr(&normal_quantile);
  }
  return Z;
}

}  // namespace

Result<GaussianProcess> with_pending(GaussianProcess gp, const std::vector<Point>& pending,
                                     std::uint64_t seed) {
  if (pending.empty()) return gp;
  const auto newest = static_cast<std::ptrdiff_t>(std::min(pending.size(), kMostPending));
  const Eigen::MatrixXd X = rows_of({pending.end() - newest, pending.end()}, gp.points().cols());
  return gp.with_fantasies(X, base_draws(X.rows(), seed));
}

}  // namespace hpo
