#include "engine/scheduling/user_points.h"

#include <utility>

#include "engine/initial_points.h"
#include "objectives/seed.h"

namespace hpo {
namespace {

Trial user_trial(const Study& seen, Configuration configuration, const char* model) {
  Trial trial{.number = static_cast<std::int64_t>(seen.trials.size()),
              .configuration = std::move(configuration),
              .sampler = kUser,
              .seen = seen.last_event,
              .model = model};
  trial.seed = mix_seed(seen.spec.seed, static_cast<std::uint64_t>(trial.number));
  return trial;
}

}  // namespace

Result<std::optional<NextTrial>> UserPoints::next(Ledger& ledger) {
  const Study& seen = ledger.seen();
  for (; tried_ < initial_.size(); ++tried_) {
    if (has_tried(seen, initial_, tried_)) continue;
    const auto& wanted = initial_[tried_];
    return std::optional(NextTrial{.trial = user_trial(seen, wanted, R"({"mode":"initial"})")});
  }
  auto queued = ledger.next_queued();
  if (!queued) return queued.error();
  if (!*queued) return std::optional<NextTrial>();
  return std::optional(NextTrial{
      .trial = user_trial(seen, std::move((*queued)->configuration), R"({"mode":"enqueued"})"),
      .queued = (*queued)->key});
}

}  // namespace hpo
