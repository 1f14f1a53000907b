#include "bayesopt/pending.h"

#include <algorithm>

#include "bayesopt/dataset.h"
#include "bayesopt/normal.h"
#include "bayesopt/random_stream.h"
#include "bayesopt/sobol.h"

namespace hpo {
namespace {

constexpr Eigen::Index kFantasies = 32;
/// Of more points than this only the last kDrawn are drawn.
constexpr Eigen::Index kMostDrawn = 96;
constexpr Eigen::Index kDrawn = 64;
/// Pending trials that the model sees, the newest ones: their factor is made for every suggestion.
constexpr std::size_t kMostPending = 256;
/// Noise above this part of the signal's variance makes the best observed points uncertain: over 5
/// noisy problems and 20 seeds .320 is left after 60 trials without, .263 with 8 or 16 such points
/// and .222 with 32 (and the wider prior of the noise); without noise nothing changes.
constexpr double kNoisy = 0.01;
constexpr std::size_t kUncertain = 32;

/// Draws of two outputs: each costs a front.
constexpr Eigen::Index kPairs = 8;

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

bool is_noisy(const GaussianProcess& gp) {
  return gp.parameters().noise_variance > kNoisy * gp.parameters().signal_variance;
}

/// The newest of the points.
void shorten(std::vector<Point>& pending) {
  const auto older =
      static_cast<std::ptrdiff_t>(pending.size() - std::min(pending.size(), kMostPending));
  pending.erase(pending.begin(), pending.begin() + older);
}

/// The observed points with the best posterior means, where noise hides which is best.
std::vector<Point> uncertain_points(const GaussianProcess& gp) {
  std::vector<Point> points;
  if (!is_noisy(gp)) return points;
  const auto rows = best_first(gp);
  for (std::size_t k = 0; k < std::min(kUncertain, rows.size()); ++k) {
    points.push_back(gp.points().row(rows[k]).transpose());
  }
  return points;
}

}  // namespace

Result<GaussianProcess> with_draws(GaussianProcess gp, std::vector<Point> pending,
                                   std::uint64_t seed) {
  shorten(pending);
  for (auto& x : uncertain_points(gp)) pending.push_back(std::move(x));
  if (pending.empty()) return gp;
  const Eigen::MatrixXd X = rows_of(distinct(pending), gp.points().cols());
  return gp.with_fantasies(X, base_draws(X.rows(), seed));
}

Result<std::array<GaussianProcess, 2>> with_draws(std::array<GaussianProcess, 2> gps,
                                                  std::vector<Point> pending,
                                                  const std::vector<ParetoPoint>& front,
                                                  std::uint64_t seed) {
  shorten(pending);
  for (Eigen::Index r = 0; r < gps[0].fitted().size(); ++r) {
    if (pending.size() >= kMostPending + kUncertain || !(is_noisy(gps[0]) || is_noisy(gps[1]))) {
      break;
    }
    const ParetoPoint point = {gps[0].fitted()[r], gps[1].fitted()[r]};
    if (std::find(front.begin(), front.end(), point) == front.end()) continue;
    pending.emplace_back(gps[0].points().row(r).transpose());
  }
  if (pending.empty()) return gps;
  const Eigen::MatrixXd X = rows_of(distinct(pending), gps[0].points().cols());
  // One sequence for both: two scramblings of the same would go together.
  const Eigen::MatrixXd Z = base_draws(2 * X.rows(), seed).leftCols(kPairs);
  for (std::size_t k = 0; k < 2; ++k) {
    const Eigen::MatrixXd own =
        Z(Eigen::seq(static_cast<Eigen::Index>(k), Eigen::last, 2), Eigen::all);
    auto drawn = gps[k].with_fantasies(X, own);
    if (!drawn) return drawn.error();
    gps[k] = std::move(*drawn);
  }
  return gps;
}

}  // namespace hpo
