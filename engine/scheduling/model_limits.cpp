#include "engine/scheduling/model_limits.h"

#include <fmt/format.h>

#include <algorithm>

#include "bayesopt/regret_bound.h"

namespace hpo {
namespace {

/// Fewer results have not seen enough of the space: so many, and so many for each parameter.
constexpr std::int64_t kFewest = 20;
constexpr std::int64_t kFewestEach = 3;
/// Converged: at most this share of what the better half of the first results spans is expected of
/// the next ten trials, and that while so many more trials end.
constexpr double kLittle = 1e-3;
constexpr std::int64_t kPatience = 5;
/// Of a long study a look costs as much as a suggestion: one more for each so many trials suffices.
constexpr std::int64_t kEvery = 100;

}  // namespace

bool ModelLimits::is_due(std::int64_t finished) const {
  if (reason_ || (!regret_ && !convergence_) || finished < kFewest) return false;
  return finished >= looked_at_ + 1 + finished / kEvery;
}

void ModelLimits::look_at(const Study& study) {
  looked_at_ = study.finished();
  const auto d = static_cast<std::int64_t>(study.spec.space.parameters.size());
  const auto model = StudyModel::of(study);
  if (!model || model->observations() < std::max(kFewest, kFewestEach * d)) return;
  const auto bound = regret_bound(*model);
  if (!bound) return;
  if (regret_ && bound->bound <= *regret_) {
    reason_ = fmt::format(
        "the best is within {:.3g} of the optimum with probability {} (limits.regret {})",
        bound->bound, bound->probability, *regret_);
    return;
  }
  if (!convergence_ || bound->next_gain > kLittle * bound->first_spread) {
    since_.reset();
    return;
  }
  if (!since_) since_ = looked_at_;
  if (looked_at_ - *since_ < kPatience) return;
  reason_ = fmt::format(
      "converged: ten more trials would improve by {:.2g}, below 0.1 % of {:.3g}, the spread of "
      "the better half of the first 20 results",
      bound->next_gain, bound->first_spread);
}

}  // namespace hpo
