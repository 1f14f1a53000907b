#include "engine/cli/run_facts.h"

#include <fmt/format.h>

#include "engine/cli/text.h"
#include "engine/duration_text.h"
#include "engine/log_tail.h"
#include "engine/trial_directory.h"

namespace hpo::cli {
namespace {

constexpr std::size_t kExcerptLines = 10;
constexpr int kExcerptColumns = 200;
/// Of a curve that a view draws in some twenty columns; then every second one goes.
constexpr std::size_t kMostReports = 512;

}  // namespace

RunFacts::RunFacts(const TuningConfig& config, const Study& opened,
                   std::filesystem::path study_folder)
    : study(config.study.name),
      limits(config.limits),
      is_in_process(!config.trial.objective.empty()),
      folder(std::move(study_folder)),
      complete(opened.count(TrialState::complete)),
      pruned(opened.count(TrialState::pruned)),
      failed(opened.count(TrialState::failed)),
      front(opened),
      best(front.knee()) {
  objectives = config.study.objectives;
  if (!objectives.empty()) metric = objectives.front().metric;
}

void RunFacts::started(const Trial& trial, SteadyTime now) {
  Running begun{.trial = trial, .since = now};
  const auto known = trial.metrics.find(metric);  // an adopted trial has reported already
  if (known != trial.metrics.end()) begun.value = known->second;
  running.insert_or_assign(trial.number, std::move(begun));
}

void RunFacts::reported(const Trial& trial, const Measurement& measurement) {
  const auto at = running.find(trial.number);
  if (at == running.end()) return;
  at->second.step = measurement.step;
  const auto value = measurement.metrics.find(metric);
  if (value == measurement.metrics.end()) return;
  at->second.value = value->second;
  auto& curve = at->second.curve;
  if (curve.size() >= kMostReports) {
    for (std::size_t k = 0; 2 * k + 1 < curve.size(); ++k) curve[k] = curve[2 * k + 1];
    curve.resize(curve.size() / 2);
  }
  curve.push_back(value->second);
}

bool RunFacts::finished(const Trial& trial) {
  running.erase(trial.number);
  complete += trial.state == TrialState::complete ? 1 : 0;
  pruned += trial.state == TrialState::pruned ? 1 : 0;
  failed += trial.state == TrialState::failed ? 1 : 0;
  if (trial.state != TrialState::complete) return false;
  if (!front.add(std::make_shared<const Trial>(trial))) return false;
  best = front.knee();
  return true;
}

std::string ended_text(const RunFacts& facts) {
  std::string text = fmt::format("{} complete", facts.complete);
  if (facts.pruned > 0) text += fmt::format(", {} pruned", facts.pruned);
  if (facts.failed > 0) text += fmt::format(", {} failed", facts.failed);
  return text;
}

std::string start_line(const Trial& trial) {
  std::string text = fmt::format("trial {} starts", trial.number);
  if (trial.attempt > 1) text += fmt::format(" (attempt {})", trial.attempt);
  if (!trial.resource.empty()) text += " on " + printable(trial.resource);
  return text + ": " + assignments(trial.configuration);
}

std::string end_line(const RunFacts& facts, const Trial& trial, bool is_best) {
  std::string text = fmt::format("trial {} {}", trial.number, to_string(trial.state));
  if (trial.value) {
    text += ": " + values_text(facts.objectives, trial);
  }
  if (trial.failure) text += fmt::format(" ({})", to_string(*trial.failure));
  if (!trial.reason.empty()) text += fmt::format(": {}", brief_reason(trial));
  const auto took = duration_s(trial, current_time());
  if (took && !facts.is_in_process) text += fmt::format(", after {}", duration_text(*took));
  if (is_best) text += facts.objectives.size() > 1 ? "  * on the front" : "  * best";
  if (facts.is_in_process || trial.failure) text += "  " + assignments(trial.configuration);
  return text;
}

std::string waiting_line(const std::vector<SlotStatus>& slots) {
  std::vector<std::pair<std::string, std::string>> devices_by_reason;
  for (const auto& slot : slots) {
    if (!slot.is_blocked) return {};
    if (devices_by_reason.empty() || devices_by_reason.back().second != slot.idle_reason) {
      devices_by_reason.emplace_back(printable(slot.device), slot.idle_reason);
    } else {
      devices_by_reason.back().first += ", " + printable(slot.device);
    }
  }
  std::string text;
  for (const auto& [devices, reason] : devices_by_reason) {
    text += fmt::format("{}{} {}", text.empty() ? "waiting: " : "; ", devices, printable(reason));
  }
  return text;
}

std::string log_excerpt(const RunFacts& facts, const Trial& trial) {
  const auto log = trial_directory(facts.folder, trial.number).log(trial.attempt);
  std::string text;
  for (const auto& line : last_lines(log, kExcerptLines)) {
    text += "    | " + shortened(printable(line), kExcerptColumns) + "\n";
  }
  return text.empty() ? text : fmt::format("    {}\n", printable(log.string())) + text;
}

}  // namespace hpo::cli
