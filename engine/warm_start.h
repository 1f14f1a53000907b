#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/tuning_config.h"
#include "objectives/error.h"
#include "objectives/prior.h"

namespace hpo {

/// What came of reading the studies of `strategy.warm_start`.
struct WarmStart {
  std::vector<PriorStudy> sources = {};
  std::vector<Diagnostic> errors = {};  ///< with their places in the file
  std::optional<Error> fault = {};      ///< a storage that cannot be read
};

/// Reads the studies that the file names. Those that `stored`, the file's own study where it
/// exists, uses already are taken from it: they are read once. Writes nothing.
WarmStart read_warm_start(const TuningConfig& config, const Study* stored);

/// One line about each: its name, relation, how many results, and how many trials are left out why.
std::vector<std::string> warm_start_lines(const std::vector<PriorStudy>& sources);

}  // namespace hpo
