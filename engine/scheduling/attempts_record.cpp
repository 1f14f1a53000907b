// What Attempts does with a report and with an attempt's end.

#include <fmt/format.h>

#include <utility>

#include "engine/scheduling/attempts.h"
#include "engine/trial_directory.h"

namespace hpo {
namespace {

/// What the metric is to the study that the reason of a trial's failure names.
const char* needed_as(const StudySpec& study, const std::string& reason) {
  for (const auto& constraint : study.constraints) {
    if (reason.ends_with("reported \"" + constraint.metric + "\"")) return "a constraint";
  }
  return study.objectives.size() > 1 ? "an objective" : "the objective";
}

}  // namespace

ReportDecision Attempts::on_report(std::int64_t number, Measurement report) {
  Running& running = running_.at(number);
  const auto trial = ledger_.trial(number);
  report.attempt = trial->attempt;
  if (running.reports.add(report)) {
    if (auto stored = ledger_.report(number, report); !stored) {
      running.unsaved = true;
      callbacks_.on_fault(stored.error());
    }
    parts_.observer.on_report(ledger_.study(), *trial, report);
    if (running.prune_reason.empty())
      running.prune_reason = prune_reason(number, report, running.reports);
  }
  return running.prune_reason.empty() ? ReportDecision::go_on : ReportDecision::stop;
}

std::string Attempts::prune_reason(std::int64_t number, const Measurement& report,
                                   const TrialReports& reports) {
  const auto value = report.metrics.find(objective_.metric);
  if (value == report.metrics.end()) return {};
  if (asha_) {
    return asha_->judge(number, report.step, reports.value().value_or(value->second)).value_or("");
  }
  if (!median_) return {};
  return median_->judge(report.step, value->second).value_or("");
}

void Attempts::end(std::int64_t number, const TrialOutcome& outcome) {
  const auto node = running_.extract(number);
  const Running& ended = node.mapped();
  // A trial with reports that are not stored stays running there: the next run adopts it and reads
  // them again from its log.
  if (ended.unsaved) return;
  if (outcome.fault) callbacks_.on_fault(*outcome.fault);
  if (outcome.state == TrialState::running) return;  // so does one that was left to itself
  if (outcome.limit && !limit_) limit_ = outcome.limit;
  const Trial before = *ledger_.trial(number);
  const AttemptFacts facts{.outcome = outcome,
                           .reports = ended.reports,
                           .retries = before.retries,
                           .cancelled = cancelled_.has_value(),
                           .pauses = before.budget && config_.strategy.budget &&
                                     *before.budget < config_.strategy.budget->max};
  Verdict verdict = judge(facts, config_.study, config_.trial);
  if (verdict.state == TrialState::pruned && !ended.prune_reason.empty()) {
    verdict.reason = ended.prune_reason;
  }
  if (!record(settled(before, verdict, facts), verdict, ended)) return;
  look_for_faults(verdict, *ledger_.trial(number), ended);
  remove_surplus(number);
  const auto trial = ledger_.trial(number);
  parts_.observer.on_finished(ledger_.study(), *trial);
}

bool Attempts::record(Trial trial, const Verdict& verdict, const Running& ended) {
  const std::int64_t number = trial.number;
  const bool over = has_ended(trial.state);
  if (over && !trial.finished_at) trial.finished_at = clock_.now();
  if (auto saved = over ? ledger_.finish(std::move(trial)) : ledger_.requeue(std::move(trial));
      !saved) {
    callbacks_.on_fault(saved.error());
    return false;
  }
  // Stopped before this run, to go on with the next one: which this is.
  const bool goes_on =
      verdict.state == TrialState::waiting && ended.inherited && !cancelled_.has_value();
  if (verdict.again || goes_on) queue_.push_back(number);
  if (is_finished(verdict.state)) standing_.add(*ledger_.trial(number));
  if (median_ && verdict.state == TrialState::complete) median_->add(ended.reports.curve());
  return true;
}

void Attempts::look_for_faults(const Verdict& verdict, const Trial& trial, const Running& ended) {
  if (verdict.state == TrialState::waiting && !verdict.failure) return;
  if (verdict.failure == FailureClass::no_metric) {
    explain_missing_metric(trial, ended, verdict.reason);
  }
  if (ended.inherited) return;
  const auto device = [](const Resources& resources) {
    return resources.gpus.empty() ? std::string() : resources.label;
  };
  const AttemptEnd end{.trial = trial.number,
                       .device = device(ended.resources),
                       .failure = verdict.failure,
                       .reason = verdict.reason};
  std::vector<std::string> busy;
  for (const auto& [number, running] : running_) busy.push_back(device(running.resources));
  if (const auto bad_device = breaker_.record(end, busy)) {
    parts_.pool.set_aside(ended.resources, *bad_device);
    parts_.observer.on_notice(*bad_device);
  }
}

void Attempts::explain_missing_metric(const Trial& trial, const Running& ended,
                                      const std::string& reason) {
  if (std::exchange(explained_, true)) return;
  std::string reported;
  for (const auto& [metric, value] : ended.reports.metrics()) {
    reported += (reported.empty() ? "\"" : ", \"") + metric + "\"";
  }
  std::string notice =
      fmt::format("trial {} {}; that is {}. It reported {}", trial.number, reason,
                  needed_as(config_.study, reason), reported.empty() ? "nothing" : reported);
  if (config_.trial.objective.empty()) {
    const auto log = trial_directory(folder_, trial.number).log(trial.attempt);
    notice += fmt::format(
        ". Test the expressions of trial.metrics on its log: "
        "hpo validate FILE --log {}",
        log.string());
  }
  parts_.observer.on_notice(notice);
}

void Attempts::remove_surplus(std::int64_t number) {
  if (!config_.trial.objective.empty()) return;  // such trials have no folder
  if (auto kept = keeper_.after(ledger_, number); !kept) callbacks_.on_fault(kept.error());
  for (const auto& problem : keeper_.take_problems()) parts_.observer.on_notice(problem);
}

}  // namespace hpo
