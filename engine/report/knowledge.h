#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bayesopt/explanation.h"
#include "bayesopt/importance.h"
#include "bayesopt/regret_bound.h"
#include "bayesopt/space_advice.h"
#include "bayesopt/study_model.h"

namespace hpo::report {

/// What a model of a study knows, computed when the page is made.
struct Knowledge {
  std::optional<StudyModel> model = {};
  std::string why_not = {};  ///< why there is no model
  Importance importance = {};
  std::vector<SpaceAdvice> advice = {};
  std::optional<RegretBound> regret = {};
  std::optional<Explanation> winner = {};   ///< of the best trial
  std::optional<double> random_value = {};  ///< the median value expected of a random configuration
};

Knowledge knowledge_of(const Study& study);

}  // namespace hpo::report
