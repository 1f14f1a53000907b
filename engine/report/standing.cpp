#include "engine/report/standing.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "objectives/json.h"

namespace hpo::report {
namespace {

/// Whether its configuration says what a trial runs.
bool runs_its_trials(const StoredStudy& stored) {
  const auto config = parse_json(stored.config);
  const bool has_trial = config && config->is_object() && config->contains("trial");
  constexpr std::array kPrograms = {"command", "trainer", "objective"};
  return has_trial && std::any_of(kPrograms.begin(), kPrograms.end(), [&](const char* key) {
           return (*config)["trial"].contains(key);
         });
}

}  // namespace

const char* standing_of(const StoredStudy& stored) {
  if (stored.holder) return "running";
  if (!stored.progress.stop_reason.empty()) return "finished";
  return runs_its_trials(stored) ? "interrupted" : "open";
}

}  // namespace hpo::report
