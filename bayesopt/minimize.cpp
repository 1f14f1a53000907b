// Projected L-BFGS: the two-loop recursion on the variables that are free (not held at a bound by
// the gradient), steps along the path bent at the box, backtracking to Armijo's condition.
//
//   g: gradient, s = x⁺ - x, q = g⁺ - g, rho = 1/(sᵀq), p: direction, t: step
//
// Nocedal & Wright (2006), Algorithm 7.4; Bertsekas (1982), "Projected Newton methods", for the
// free set. Own rather than NLopt's: one callback with Eigen vectors, no exceptions, and the same
// bits everywhere.

#include "bayesopt/minimize.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <vector>

namespace hpo {
namespace {

constexpr double kArmijo = 1e-4;
constexpr int kMostHalvings = 20;
constexpr int kMostDoublings = 6;

struct Pair {
  Eigen::VectorXd s;
  Eigen::VectorXd q;
};

struct State {
  Eigen::VectorXd x;
  Eigen::VectorXd g;
  double value = std::numeric_limits<double>::infinity();
};

class Search {
 public:
  Search(const Function& f, const Eigen::VectorXd& lower, const Eigen::VectorXd& upper)
      : f_(f), lower_(lower), upper_(upper) {}

  [[nodiscard]] int evaluations() const { return evaluations_; }

  State evaluate(const Eigen::VectorXd& x) {
    State state{.x = x.cwiseMax(lower_).cwiseMin(upper_), .g = Eigen::VectorXd::Zero(x.size())};
    state.value = f_(state.x, state.g);
    ++evaluations_;
    if (std::isnan(state.value) || !state.g.allFinite()) {
      state.value = std::numeric_limits<double>::infinity();
    }
    return state;
  }

  /// 1 where a variable may move, 0 where its bound holds it.
  [[nodiscard]] Eigen::ArrayXd free(const State& at) const {
    Eigen::ArrayXd mask = Eigen::ArrayXd::Ones(at.x.size());
    for (Eigen::Index i = 0; i < at.x.size(); ++i) {
      if (at.x[i] <= lower_[i] && at.g[i] > 0) mask[i] = 0;
      if (at.x[i] >= upper_[i] && at.g[i] < 0) mask[i] = 0;
    }
    return mask;
  }

  /// The point on the bent path of p at the first step t, t/2, ... that decreases f enough, or, if
  /// t itself does, at the best of t, 2t, ...; `at` itself where none does.
  State line_search(const State& at, const Eigen::VectorXd& p, double t) {
    State next = evaluate(at.x + t * p);
    if (is_enough(at, next)) return lengthened(at, p, t, std::move(next));
    for (int halving = 0; halving < kMostHalvings; ++halving) {
      t *= std::isfinite(next.value) ? shrink(at, next, p, t) : 0.1;
      next = evaluate(at.x + t * p);
      if (is_enough(at, next)) return next;
    }
    return at;
  }

 private:
  [[nodiscard]] static bool is_enough(const State& at, const State& next) {
    return next.value <= at.value + kArmijo * at.g.dot(next.x - at.x) && next.value < at.value;
  }

  /// The minimum of the parabola through f, its slope and the failed trial, within [t/10, t/2].
  [[nodiscard]] static double shrink(const State& at, const State& next, const Eigen::VectorXd& p,
                                     double t) {
    const double slope = at.g.dot(p) * t;
    const double curvature = next.value - at.value - slope;
    return curvature > 0 ? std::clamp(-slope / (2 * curvature), 0.1, 0.5) : 0.5;
  }

  /// Doubles the step while f still falls steeply there: without curvature the first step's length
  /// is a guess.
  State lengthened(const State& at, const Eigen::VectorXd& p, double t, State best) {
    for (int doubling = 0; doubling < kMostDoublings; ++doubling) {
      if (best.g.dot(p) > 0.9 * at.g.dot(p)) break;
      t *= 2;
      State next = evaluate(at.x + t * p);
      if (!is_enough(at, next) || !(next.value < best.value)) break;
      best = std::move(next);
    }
    return best;
  }

  const Function& f_;
  const Eigen::VectorXd& lower_;
  const Eigen::VectorXd& upper_;
  int evaluations_ = 0;
};

/// -H g by the two-loop recursion, H the inverse Hessian that the pairs model, on free variables.
Eigen::VectorXd direction(const Eigen::VectorXd& g, const std::deque<Pair>& pairs,
                          const Eigen::ArrayXd& mask) {
  Eigen::VectorXd p = -(g.array() * mask).matrix();
  std::vector<double> a(pairs.size());
  double scale = 0;
  for (std::size_t k = pairs.size(); k-- > 0;) {
    const Eigen::VectorXd s = pairs[k].s.array() * mask;
    const Eigen::VectorXd q = pairs[k].q.array() * mask;
    const double sq = s.dot(q);
    // Curvature that is not positive among the free variables says nothing about them.
    if (!(sq > 1e-12 * s.norm() * q.norm())) continue;
    a[k] = s.dot(p) / sq;
    p -= a[k] * q;
    if (scale == 0) scale = sq / q.squaredNorm();
  }
  if (scale > 0) p *= scale;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    const Eigen::VectorXd s = pairs[k].s.array() * mask;
    const Eigen::VectorXd q = pairs[k].q.array() * mask;
    const double sq = s.dot(q);
    if (!(sq > 1e-12 * s.norm() * q.norm())) continue;
    p += (a[k] - q.dot(p) / sq) * s;
  }
  return p;
}

/// One iteration: along the modelled direction, or, where that leads nowhere, downhill.
State advance(Search& search, const State& at, std::deque<Pair>& pairs) {
  const Eigen::ArrayXd mask = search.free(at);
  const Eigen::VectorXd downhill = -(at.g.array() * mask).matrix();
  const double first_step = 1 / std::max(1.0, downhill.norm());
  const Eigen::VectorXd p = direction(at.g, pairs, mask);
  if (!pairs.empty() && p.allFinite() && p.dot(at.g) < 0) {
    State next = search.line_search(at, p, 1);
    if (next.value < at.value) return next;
  }
  pairs.clear();
  return search.line_search(at, downhill, first_step);
}

}  // namespace

double projected_gradient_norm(const Eigen::VectorXd& x, const Eigen::VectorXd& g,
                               const Eigen::VectorXd& lower, const Eigen::VectorXd& upper) {
  if (x.size() == 0) return 0;
  return (x - (x - g).cwiseMax(lower).cwiseMin(upper)).cwiseAbs().maxCoeff();
}

Minimum minimize(const Function& f, Eigen::VectorXd x, const Eigen::VectorXd& lower,
                 const Eigen::VectorXd& upper, const MinimizeOptions& options) {
  Search search(f, lower, upper);
  State at = search.evaluate(x);
  std::deque<Pair> pairs;
  int iteration = 0;
  for (; iteration < options.max_iterations && std::isfinite(at.value); ++iteration) {
    if (projected_gradient_norm(at.x, at.g, lower, upper) <= options.gradient_tolerance) break;
    State next = advance(search, at, pairs);
    const double decrease = at.value - next.value;
    Pair pair{.s = next.x - at.x, .q = next.g - at.g};
    if (pair.s.dot(pair.q) > 0) pairs.push_back(std::move(pair));
    if (static_cast<Eigen::Index>(pairs.size()) > options.memory) pairs.pop_front();
    at = std::move(next);
    if (decrease <= options.value_tolerance * (1 + std::abs(at.value))) break;
  }
  return {.x = std::move(at.x),
          .value = at.value,
          .gradient = std::move(at.g),
          .iterations = iteration,
          .evaluations = search.evaluations()};
}

}  // namespace hpo
