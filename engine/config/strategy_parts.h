#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "engine/config/section.h"
#include "engine/tuning_config.h"

// Parts of `strategy:` that have a map of their own.
namespace hpo::config {

/// `strategy.budget` of hyperband, as the option of its sampler and for the engine. As SageMaker
/// has it: the largest budget is, where it is not given, the fixed value of that hyperparameter;
/// without `budget` it is a fixed hyperparameter named epochs, num_epochs, numepochs, n_epochs or
/// n-epochs.
void read_budget(Section& root, Section& strategy, StrategySpec& spec, nlohmann::json& options);

/// `strategy.early_stopping`: `median`, `asha`, `none`, or a map {name: asha, min: 1, eta: 3}.
void read_early_stopping(Section& strategy, StrategySpec& spec);

/// `strategy.warm_start`, a list of maps {study, storage, relation}. `folder` is the file's.
std::vector<WarmStartSpec> read_warm_start(Section& root, Section& strategy,
                                           const std::filesystem::path& folder);

}  // namespace hpo::config
