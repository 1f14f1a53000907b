#include "engine/cli/run_summary.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/cli/front_text.h"
#include "engine/cli/model_text.h"
#include "engine/cli/sources.h"
#include "engine/cli/study_access.h"
#include "engine/cli/study_text.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/duration_text.h"

namespace hpo::cli {
namespace {

void print_text(const TuningConfig& config, const RunEnd& end) {
  const std::string what = end.end->finished ? "ended: " : "not finished: ";
  print(fmt::format("study {} {}{} ({}, {})\n", config.study.name, what, printable(end.end->reason),
                    counts_text(end.study), duration_text(end.progress.active_s)));
  const auto best = end.study.best_trial();
  if (!best) {
    const bool keeps_none = end.study.count(TrialState::complete) > 0;
    print(keeps_none ? "no complete trial keeps the constraints\n" : "no trial is complete\n");
    return;
  }
  const bool has_front = config.study.objectives.size() > 1;
  std::vector<std::pair<std::string, std::string>> fields;
  if (has_front) fields.emplace_back("front", front_sentence(end.study));
  fields.emplace_back(
      has_front ? "knee" : "best",
      fmt::format("{}, trial {}", values_text(config.study.objectives, *best), best->number));
  for (const auto& [name, value] : best->configuration) {
    fields.emplace_back("  " + printable(name), value_text(value));
  }
  fields.emplace_back("model", printable(kept_model(*best).value_or("")));
  for (auto& field : better_fields(end.study)) fields.push_back(std::move(field));
  for (auto& field : outlook_fields(outlook_of(end.study))) fields.push_back(std::move(field));
  print(fields_text(fields, terminal_width(STDOUT_FILENO)));
}

bool is_target_reached(const TuningConfig& config, const Study& study) {
  const auto best = study.best_trial();
  if (!best || !config.limits.target) return false;
  const Goal goal = config.study.objectives.front().goal;
  return !is_better(goal, *config.limits.target, *best->value);
}

}  // namespace

void print_summary(const TuningConfig& config, const RunEnd& end, Format format) {
  if (format == Format::table) return print_text(config, end);
  const auto loaded = load_study(config.storage.string(), config.study.name);
  if (!loaded) return;
  if (format == Format::json) return print_json(status_json(*loaded));
  print(status_csv(*loaded));
}

std::string next_command(const TuningConfig& config, const RunEnd& end,
                         const std::string& file_flags) {
  if (!end.end->finished) return fmt::format("hpo run{}   (goes on)", file_flags);
  const std::string flags = study_flags(config.storage, config.study.name);
  const auto best = end.study.best_trial();
  if (!best) return fmt::format("hpo trials{} --state failed", flags);
  if (config.study.objectives.size() > 1) return "hpo compare" + flags;
  if (!kept_model(*best)) return "hpo best" + flags;
  if (config.export_to) {
    return fmt::format("hpo predict {} PHOTOS --out predictions", config.export_to->string());
  }
  return fmt::format("hpo export{} --out model.tar.gz", flags);
}

int exit_code_of(const TuningConfig& config, const RunEnd& end, bool require_target) {
  if (!end.end->finished && end.signal_code != 0) return end.signal_code;
  if (!end.study.best_trial()) return kNothingUsable;
  if (require_target && !is_target_reached(config, end.study)) return kTargetMissed;
  return kDone;
}

}  // namespace hpo::cli
