#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/cli/output.h"
#include "engine/warm_start.h"

namespace hpo::cli {

/// The studies that the file's `strategy.warm_start` names, for a run that goes on with the file's
/// study or, `fresh`, begins anew. Writes nothing.
WarmStart read_sources(const TuningConfig& config, bool fresh);

/// Reports what is wrong with them; nothing where nothing is.
std::optional<int> fail(const WarmStart& read, Format format);

/// Says what is taken of them, to stderr.
void note_sources(const std::vector<PriorStudy>& sources);

/// A source as `status` shows it.
nlohmann::ordered_json source_json(const PriorStudy& source, Goal goal);

/// What the study began with, and the best result of identical studies where no trial of it beats
/// that, as fields of a text.
std::vector<std::pair<std::string, std::string>> source_fields(const Study& study);
/// The second alone.
std::vector<std::pair<std::string, std::string>> better_fields(const Study& study);

}  // namespace hpo::cli
