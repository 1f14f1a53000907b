#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "bayesopt/acquisition.h"
#include "bayesopt/dataset.h"
#include "bayesopt/output_transform.h"
#include "objectives/study.h"

namespace hpo {

/// Parameters that were fitted to the first n observations of a study.
struct FittedParameters {
  GpParameters parameters = {};
  std::int64_t n = 0;
};

/// The model of a study: what is maximised to find its next point, and what it was made with.
struct Surrogate {
  Acquisition acquisition;
  OutputTransform transform = {};
  FittedParameters fitted = {};
  int fit_evaluations = 0;  ///< of the likelihood; 0 where earlier parameters still hold
};

/// At most this many observations are used.
inline constexpr std::size_t kMostObservations = 300;

/// Fits the model to the data. `previous`: an earlier fit to start from, which holds as it is while
/// there are no new observations. Nothing where all observations are equal. Errors: numerical.
Result<std::optional<Surrogate>> fit_surrogate(const Dimensions& dimensions, const Dataset& dataset,
                                               const std::optional<FittedParameters>& previous,
                                               std::uint64_t seed);

/// Fitted parameters as the `model` of a trial carries them: lengthscales by parameter's name.
nlohmann::json to_json(const FittedParameters& fitted, const SearchSpace& space);

/// The newest fit that the study's trials carry. This is how a fit starts where the last one ended
/// although a sampler keeps nothing: what it needs is part of the study.
std::optional<FittedParameters> newest_fit(const Study& study);

}  // namespace hpo
