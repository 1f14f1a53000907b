#pragma once

#include "engine/tuning_config.h"
#include "objectives/error.h"
#include "objectives/prior.h"
#include "storage/study_store.h"

namespace hpo {

/// What another study tells the one of this file: its finished trials in this one's space.
///
/// Identical are, unless the file says what they are, studies of one storage (of a built-in
/// objective: of any) with the same objective and the same `trial`, where each parameter of one is
/// searched or fixed in the other; every other study is related. A result of an identical study
/// is taken where it lies in this space, and where what is fixed here had that value there. Of a
/// related one the parameters count that both search, with all that their conditions name.
///
/// Errors: usage, if the goals or, of identical ones, the objectives or parameters differ, if
/// nothing is searched by both, or if no trial can be taken.
Result<PriorStudy> prior_study(const TuningConfig& config, const WarmStartSpec& spec,
                               const StoredStudy& other);

}  // namespace hpo
