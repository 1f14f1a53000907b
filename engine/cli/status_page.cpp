#include "engine/cli/status_page.h"

#include <nlohmann/json.hpp>

#include "engine/cli/front_text.h"
#include "engine/cli/sources.h"
#include "engine/cli/sparkline.h"
#include "engine/cli/study_text.h"
#include "engine/cli/table.h"
#include "engine/cli/text.h"
#include "engine/duration_text.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

/// The limit of `key` in the stored configuration, where it is a number.
std::optional<double> limit_of(const StoredStudy& stored, const char* key) {
  const auto config = parse_json(stored.config);
  if (!config || !config->is_object()) return std::nullopt;
  const auto limits = config->find("limits");
  if (limits == config->end() || !limits->is_object()) return std::nullopt;
  const auto at = limits->find(key);
  if (at == limits->end() || !at->is_number()) return std::nullopt;
  return at->get<double>();
}

std::string state_line(const StoredStudy& stored) {
  std::string text = study_state(stored.holder, stored.progress.stop_reason);
  if (stored.holder) return text + fmt::format(" (pid {})", *stored.holder);
  if (stored.progress.stop_reason.empty()) return text;
  return text + ": " + printable(stored.progress.stop_reason);
}

std::string trials_line(const StoredStudy& stored) {
  std::string text = counts_text(stored.study);
  const auto limit = limit_of(stored, "trials");
  return limit ? fmt::format("{} (of {:.0f})", text, *limit) : text;
}

std::string objective_line(const StudySpec& spec) {
  std::string text;
  for (const auto& objective : spec.objectives) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(objective.goal),
                        printable(objective.metric));
  }
  return text;
}

std::string constraints_line(const StudySpec& spec) {
  std::string text;
  for (const auto& constraint : spec.constraints) {
    text += (text.empty() ? "" : ", ") + printable(constraint.metric);
    if (constraint.min) text += " >= " + number_text(*constraint.min);
    if (constraint.max)
      text += (constraint.min ? " and <= " : " <= ") + number_text(*constraint.max);
  }
  return text;
}

std::string elapsed_line(const StoredStudy& stored, const LiveStatus& live) {
  std::string text = duration_text(stored.progress.active_s);
  if (!stored.holder || !live.eta_s) return text;
  return text + fmt::format(", about {} left", duration_text(*live.eta_s));
}

std::string slot_trials(const LiveStatus::Slot& slot) {
  return fmt::format("{}", fmt::join(slot.trials, ", "));
}

/// Columns of a curve beside its numbers.
constexpr int kCurveColumns = 20;

/// `step 12  loss 0.31  ▇▅▃▂▁` of what the trial has reported of the objective in its attempt;
/// empty where that is nothing.
std::string reported_text(const LoadedStudy& loaded, std::int64_t number, bool has_unicode) {
  const Study& study = loaded.study();
  const auto reports = loaded.reader->measurements(loaded.name(), number);
  const auto count = static_cast<std::int64_t>(study.trials.size());
  if (!reports || number >= count || study.spec.objectives.empty()) return {};
  const auto& metric = study.spec.objectives.front().metric;
  const int attempt = study.trials[static_cast<std::size_t>(number)]->attempt;
  std::vector<double> curve;
  std::int64_t step = 0;
  for (const auto& report : *reports) {
    const auto value = report.metrics.find(metric);
    if (report.attempt != attempt || value == report.metrics.end()) continue;
    curve.push_back(value->second);
    step = report.step;
  }
  if (curve.empty()) return {};
  return fmt::format("step {}  {} {}  {}", step, printable(metric), number_text(curve.back()),
                     sparkline(curve, kCurveColumns, has_unicode));
}

std::string slots_text(const LoadedStudy& loaded, const LiveStatus& live, int width,
                       bool has_unicode) {
  if (live.slots.empty()) return {};
  Table table({{.title = "device"}, {.title = "trial"}, {.title = "", .may_shrink = true}});
  for (const auto& slot : live.slots) {
    std::string text = slot.idle_reason.empty() ? "" : "idle: " + printable(slot.idle_reason);
    if (!slot.trials.empty()) text = reported_text(loaded, slot.trials.front(), has_unicode);
    table.add({printable(slot.device), slot_trials(slot), std::move(text)});
  }
  return "\n" + table.text(width);
}

}  // namespace

std::string status_page(const LoadedStudy& loaded, const Orphans& orphans, int width,
                        bool has_unicode) {
  const StoredStudy& stored = loaded.stored;
  const LiveStatus live = live_status(stored.progress.status);
  std::vector<std::pair<std::string, std::string>> fields = {
      {"study", printable(loaded.name())},
      {"state", state_line(stored)},
      {"objective", objective_line(stored.study.spec)},
      {"constraints", constraints_line(stored.study.spec)},
      {"trials", trials_line(stored)}};
  for (auto& field : found_fields(stored.study)) fields.push_back(std::move(field));
  fields.emplace_back("elapsed", elapsed_line(stored, live));
  fields.emplace_back("folder", printable(loaded.folder().string()));
  for (auto& field : source_fields(stored.study)) fields.push_back(std::move(field));
  std::string text = fields_text(fields, width);
  if (stored.holder) text += slots_text(loaded, live, width, has_unicode);
  if (!orphans.empty()) text += "\n" + orphans_text(orphans) + "\n";
  return text;
}

std::string standing_line(const LoadedStudy& loaded) {
  const StoredStudy& stored = loaded.stored;
  std::string text = fmt::format("{}: {}", study_state(stored.holder, stored.progress.stop_reason),
                                 trials_line(stored));
  const auto best = loaded.study().best_trial();
  if (!best) return text;
  return text + fmt::format("; best {} (trial {})",
                            values_text(loaded.study().spec.objectives, *best), best->number);
}

}  // namespace hpo::cli
