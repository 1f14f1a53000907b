#pragma once

#include <memory>
#include <utility>

#include "objectives/study.h"

namespace hpo::testing_support {

/// What a study tells another.
inline PriorUse told(const Study& other, Relation relation) {
  PriorStudy prior{.study = "other", .id = "other", .relation = relation};
  for (const auto& parameter : other.spec.space.parameters) {
    prior.parameters.push_back(parameter.name);
  }
  for (const auto& trial : other.trials) {
    prior.results.push_back(
        {.trial = trial->number, .configuration = trial->configuration, .value = trial->value});
  }
  return {.source = std::make_shared<const PriorStudy>(std::move(prior))};
}

}  // namespace hpo::testing_support
