#pragma once

#include <string>
#include <string_view>

#include "bayesopt/acquisition_search.h"
#include "bayesopt/surrogate.h"

namespace hpo {

/// Why a point was proposed, as the `model` of a trial carries it (JSON): the prediction in the
/// user's unit, the acquisition, the fitted parameters, the transform.
///
/// `search`: "global", "local" (within the trust region) or "open" (the most uncertain point, where
/// the best would tell nothing new). Its `mode` is `exploit` where the prediction itself is better
/// than the best so far, else `explore`.
std::string suggestion_model(const Study& study, const UnitCube& cube, const Dataset& dataset,
                             const Surrogate& surrogate, const Point& x, std::string_view search);

}  // namespace hpo
