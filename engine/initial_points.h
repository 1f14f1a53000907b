#pragma once

#include <cstddef>
#include <vector>

#include "objectives/configuration.h"
#include "objectives/study.h"

namespace hpo {

/// Whether the study has tried the i-th configuration of `strategy.initial`: it has as many trials
/// of it as the list names it up to there.
bool has_tried(const Study& study, const std::vector<Configuration>& initial, std::size_t i);

}  // namespace hpo
