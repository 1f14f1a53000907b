#pragma once

#include <cstddef>
#include <string>

#include "engine/tuning_config.h"

namespace hpo {

/// What `auto` takes for the next trial of a study that has `trials`, and why, for people: "auto
/// takes tpe: the space has 60 parameters". Empty where the file names its sampler.
std::string auto_text(const TuningConfig& config, std::size_t trials);

}  // namespace hpo
