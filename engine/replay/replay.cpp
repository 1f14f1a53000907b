#include "engine/replay/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "bayesopt/sampler.h"
#include "engine/scheduling/proposer.h"
#include "engine/scheduling/user_points.h"
#include "engine/tuning_config.h"
#include "objectives/json.h"

namespace hpo {
namespace {

/// A run whose strategy can be asked; made when the first trial needs it.
struct Strategy {
  std::string name = {};
  std::unique_ptr<Sampler> sampler = {};
};

std::string text_or_none(const std::optional<std::int64_t>& value) {
  return value ? std::to_string(*value) : "none";
}

/// The first thing in which the stored trial and what is said now differ; empty where none is.
std::string first_difference(const Trial& stored, const Trial& again) {
  const auto say = [](const char* what, const std::string& was, const std::string& is) {
    return fmt::format("{}: stored {}, suggested now {}", what, was, is);
  };
  if (stored.sampler != again.sampler) return say("strategy", stored.sampler, again.sampler);
  if (stored.seed != again.seed) {
    return say("seed", std::to_string(stored.seed), std::to_string(again.seed));
  }
  // The keys tell 1 from 1.0 and 0.0 from -0.0.
  if (canonical_key(stored.configuration) != canonical_key(again.configuration)) {
    return say("configuration", to_json(stored.configuration).dump(),
               to_json(again.configuration).dump());
  }
  if (stored.budget != again.budget) {
    return say("budget", text_or_none(stored.budget), text_or_none(again.budget));
  }
  if (stored.continues != again.continues) {
    return say("continued trial", text_or_none(stored.continues), text_or_none(again.continues));
  }
  if (stored.model != again.model) return say("model", stored.model, again.model);
  return {};
}

class Replay {
 public:
  Replay(const Study& study, const std::vector<StoredRun>& runs)
      : study_(study), runs_(runs), strategies_(runs.size()) {}

  ReplayedTrial look_at(const Trial& trial) {
    ReplayedTrial replayed{.number = trial.number};
    if (trial.sampler == kUser) {
      const auto fits = study_.spec.space.check_configuration(trial.configuration);
      replayed.outcome = fits ? Replayed::given : Replayed::different;
      if (!fits) replayed.why = "given by the user: " + fits.error().message;
      return replayed;
    }
    replayed.outcome = Replayed::unknown;
    replayed.why = fmt::format("no run of the study has strategy {}", trial.sampler);
    for (const auto at : candidates(trial)) {
      const auto again = ask_again(trial, at);
      replayed.outcome = again ? Replayed::different : Replayed::unknown;
      replayed.why = again ? first_difference(trial, *again) : again.error().message;
      if (!replayed.why.empty()) continue;
      replayed.outcome = Replayed::same;
      break;
    }
    return replayed;
  }

 private:
  /// The run that made the trial. Those of the first format of the database do not say which
  /// trials are theirs: any of them that has the strategy may have made it.
  [[nodiscard]] std::vector<std::size_t> candidates(const Trial& trial) {
    std::vector<std::size_t> old;
    for (std::size_t at = runs_.size(); at-- > 0;) {
      const auto& first = runs_[at].first_trial;
      if (first && *first <= trial.number) return {at};
      if (!first && strategy_name(at) == trial.sampler) old.push_back(at);
    }
    return old;
  }

  [[nodiscard]] std::string strategy_name(std::size_t at) const {
    const auto strategy = strategy_of(runs_[at].config);
    return strategy ? strategy->name : std::string();
  }

  Result<Trial> ask_again(const Trial& trial, std::size_t at) {
    auto sampler = sampler_of(at);
    if (!sampler) return sampler.error();
    Study seen = study_at(study_, trial.seen);
    seen.spec.seed = runs_[at].seed;
    if (static_cast<std::int64_t>(seen.trials.size()) != trial.number) {
      return Error{.message = fmt::format("when it was suggested the study had {} trials, but its "
                                          "number is {}",
                                          seen.trials.size(), trial.number)};
    }
    return propose_next(**sampler, strategies_[at].name, seen);
  }

  Result<Sampler*> sampler_of(std::size_t at) {
    Strategy& strategy = strategies_[at];
    if (strategy.sampler) return strategy.sampler.get();
    const auto spec = strategy_of(runs_[at].config);
    if (!spec) return spec.error();
    const auto options = parse_json(spec->options);
    if (!options) return options.error();
    auto sampler = make_sampler(spec->name, *options, study_.spec.space);
    if (!sampler) return sampler.error();
    strategy = {.name = spec->name, .sampler = std::move(*sampler)};
    return strategy.sampler.get();
  }

  const Study& study_;
  const std::vector<StoredRun>& runs_;
  std::vector<Strategy> strategies_;
};

}  // namespace

const char* to_string(Replayed outcome) {
  switch (outcome) {
    case Replayed::same:
      return "same";
    case Replayed::given:
      return "given";
    case Replayed::different:
      return "different";
    case Replayed::unknown:
      return "unknown";
  }
  return "unknown";
}

std::int64_t ReplayReport::count(Replayed outcome) const {
  return std::count_if(trials.begin(), trials.end(),
                       [&](const ReplayedTrial& trial) { return trial.outcome == outcome; });
}

bool ReplayReport::is_verified() const {
  return count(Replayed::different) == 0 && count(Replayed::unknown) == 0;
}

ReplayReport replay(const Study& study, const std::vector<StoredRun>& runs,
                    const std::function<bool(const ReplayedTrial&)>& on_trial) {
  Replay again(study, runs);
  ReplayReport report;
  for (const auto& trial : study.trials) {
    report.trials.push_back(again.look_at(*trial));
    if (on_trial && !on_trial(report.trials.back())) break;
  }
  return report;
}

}  // namespace hpo
