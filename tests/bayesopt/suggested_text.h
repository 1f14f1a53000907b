// A study's suggestions as text, to compare two processes.
#pragma once

#include <string>

#include "tests/bayesopt/studies.h"

namespace hpo::testing_support {

/// Configurations and models of 14 trials, of which up to three run at a time, on a space of every
/// kind.
inline std::string suggested_text() {
  Study study = empty_study(every_kind());
  const auto sampler = sampler_of("bayesian", study.spec.space);
  std::string text;
  for (std::size_t i = 0; i < 14; ++i) {
    auto suggestion = sampler->suggest(study, next_seed(study));
    text += canonical_key(suggestion->configuration) + suggestion->model + "\n";
    add_trial(study, std::move(*suggestion), TrialState::running);
    if (i < 2) continue;
    finish(study, i - 2, TrialState::complete, any_value(study.trials[i - 2]->configuration));
  }
  return text;
}

}  // namespace hpo::testing_support
