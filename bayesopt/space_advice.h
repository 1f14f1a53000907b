#pragma once

#include <string>
#include <vector>

#include "bayesopt/importance.h"
#include "bayesopt/study_model.h"

namespace hpo {

/// What the results say against the search space.
struct SpaceAdvice {
  enum class Kind {
    lower_min,  ///< the best trials lie at the lower end
    raise_max,  ///< or at the upper one
    log_scale,  ///< or in the lowest few percent of a wide linear range
    no_effect,  ///< the parameter changes nothing
  };
  Kind kind = Kind::no_effect;
  std::string parameter = {};
  std::string message = {};  ///< `the 5 best trials have lr at its upper end, 0.01`
  std::string hint = {};     ///< `raise parameters.lr.max`
};

/// `lower_min`, `raise_max`, `log_scale` or `no_effect`.
const char* to_string(SpaceAdvice::Kind kind);

/// At most three pieces of advice, of important parameters first; none unless the evidence is good:
/// enough results, a model that predicts left-out ones, and bounds that are not the nature of the
/// parameter (0 and, of shares, 1). `importance`: of the model.
std::vector<SpaceAdvice> space_advice(const StudyModel& model, const Importance& importance);

}  // namespace hpo
