#include "engine/report/knowledge.h"

#include "bayesopt/landscape.h"

namespace hpo::report {

Knowledge knowledge_of(const Study& study) {
  Knowledge known;
  auto model = StudyModel::of(study);
  if (model) {
    known.model = std::move(*model);
    known.importance = importance_of(*known.model);
    known.advice = space_advice(*known.model, known.importance);
    known.random_value = random_median(*known.model);
    if (const auto bound = regret_bound(*known.model)) known.regret = *bound;
  } else {
    known.why_not = model.error().message;
  }
  if (const auto best = study.best_trial()) {
    known.winner = explain(study, best->number, known.model ? &*known.model : nullptr);
  }
  return known;
}

}  // namespace hpo::report
