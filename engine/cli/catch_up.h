#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "objectives/study.h"

namespace hpo::cli {

/// How far a study needs to go for another one's best value.
struct CatchUp {
  std::int64_t of = 0;                      ///< ended trials of the other study
  std::optional<std::int64_t> trials = {};  ///< ended trials it needs; nothing: it is not there
  std::optional<double> seconds = {};       ///< from its first start to there
};

/// Of `study` for the best of `goal_of`; nothing where these have not the same one objective, or
/// the latter has no best trial.
std::optional<CatchUp> catch_up(const Study& study, const Study& goal_of);

/// `after 12 trials (30 % of the 40), 45s`; `not reached`.
std::string catch_up_text(const CatchUp& reached);

}  // namespace hpo::cli
