#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "bayesopt/kernel.h"
#include "bayesopt/transfer.h"
#include "objectives/study.h"

namespace hpo {

/// Parameters that were fitted to the first n observations of a study.
struct FittedParameters {
  GpParameters parameters = {};
  std::int64_t n = 0;
  TransferWeights transfer = {};  ///< what related studies tell (transfer.h)
};

/// As the `model` of a trial carries them: lengthscales by parameter's name.
nlohmann::json to_json(const FittedParameters& fitted, const SearchSpace& space);

/// The parameters of every output's model, as far as they are known.
struct FittedOutputs {
  std::optional<FittedParameters> first = {};                 ///< of objective 0
  std::vector<std::optional<FittedParameters>> further = {};  ///< as further_outputs() orders them
};

/// The newest fit that the study's trials carry. This is how a fit starts where the last one ended
/// although a sampler keeps nothing: what it needs is part of the study.
FittedOutputs newest_fit(const Study& study);

}  // namespace hpo
