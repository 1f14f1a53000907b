#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "engine/config/section.h"
#include "engine/tuning_config.h"

// The readers of the file's sections: each takes the root and fills its part of the configuration.
namespace hpo::config {

/// `parameters:`; reports everything that is wrong with the space. Nothing where anything is.
std::optional<SearchSpace> read_space(Section& root, bool is_required);

/// `objective:`, or `objectives:` with up to kMostObjectives.
std::vector<ObjectiveSpec> read_objectives(Section& root, bool is_required);
/// `constraints:`.
std::vector<ConstraintSpec> read_constraints(Section& root);
/// What is wrong with the strategy and the limits of a study with two objectives or constraints.
void check_demands(const TuningConfig& config, Section& root);

/// `limits:`, without defaults that depend on the space.
Limits read_limits(Section& root);

/// `strategy:` with `seed`; `space` is null where it has errors (then options go unchecked);
/// `folder` is the file's.
StrategySpec read_strategy(Section& root, const SearchSpace* space,
                           const std::filesystem::path& folder, std::uint64_t& seed);

/// `trial:`; `folder` is the file's.
TrialSpec read_trial(Section& root, const std::filesystem::path& folder);

/// `sagemaker:`; nothing where it is absent.
std::optional<SageMakerSpec> read_sagemaker(Section& root);
/// What the rest of the file has that a training job does not take.
void check_sagemaker_limits(const TuningConfig& config, Section& root);

ResourceSpec read_resources(Section& root);
KeepSpec read_keep(Section& root);
CacheSpec read_cache(Section& root);
std::filesystem::path read_storage(Section& root, const std::filesystem::path& folder);
std::optional<std::filesystem::path> read_export(Section& root,
                                                 const std::filesystem::path& folder);

/// What only several sections together show: metrics that nothing reports, parameters fixed and
/// searched (but for a training, which searches none), targets out of reach. `space_is_known`:
/// config.study.space is what the file means.
void check_together(const TuningConfig& config, ConfigUse use, bool space_is_known, Section& root);

/// A study over an endless space whose limits never end it gets this many trials; with `grid`, or
/// a space with fewer configurations, it ends by itself.
constexpr std::int64_t kDefaultTrials = 100;

/// Sets limits.trials to kDefaultTrials where nothing else ends the study, and says so.
void complete_limits(TuningConfig& config, Section& root);

/// Advice about a valid file.
void advise(const TuningConfig& config, Section& root);

}  // namespace hpo::config
