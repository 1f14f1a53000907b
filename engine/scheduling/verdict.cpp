#include "engine/scheduling/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

Verdict failed(FailureClass failure, std::string reason) {
  return {.state = TrialState::failed, .failure = failure, .reason = std::move(reason)};
}

/// What is wrong with a metric that a complete trial has to report.
std::optional<Verdict> without(const AttemptFacts& facts, const std::string& metric,
                               const std::optional<double>& value) {
  const auto unreadable = facts.outcome.unreadable.find(metric);
  if (!value && unreadable != facts.outcome.unreadable.end()) {
    return failed(FailureClass::no_metric,
                  fmt::format("ended well, but printed \"{}\" for \"{}\", which is no number",
                              unreadable->second, metric));
  }
  if (!value) {
    return failed(FailureClass::no_metric,
                  fmt::format("ended well but never reported \"{}\"", metric));
  }
  if (std::isfinite(*value)) return std::nullopt;
  return failed(FailureClass::nan, fmt::format("\"{}\" was {}", metric, *value));
}

Verdict judge_completed(const AttemptFacts& facts, const StudySpec& study) {
  const auto value = facts.reports.value();
  if (auto fault = without(facts, study.objectives.at(0).metric, value)) return std::move(*fault);
  const auto metrics = facts.reports.metrics();
  for (const auto& name : further_metrics(study)) {
    const auto at = metrics.find(name);
    const auto last = at == metrics.end() ? std::nullopt : std::optional(at->second);
    if (auto fault = without(facts, name, last)) return std::move(*fault);
  }
  return {.state = facts.pauses ? TrialState::paused : TrialState::complete, .value = value};
}

Verdict judge_pruned(const AttemptFacts& facts) {
  const auto value = facts.reports.value();
  return {.state = TrialState::pruned,
          .reason = facts.outcome.reason,
          .value = value && std::isfinite(*value) ? value : std::nullopt};
}

Verdict stopped(std::string reason) {
  return {.state = TrialState::waiting, .reason = std::move(reason)};
}

// How an attempt ends that was killed on purpose; any other class happened by itself.
bool may_be_our_kill(FailureClass failure) {
  return failure == FailureClass::stopped || failure == FailureClass::signal ||
         failure == FailureClass::lost;
}

Verdict judge_first(const AttemptFacts& facts, const StudySpec& study) {
  const auto& outcome = facts.outcome;
  switch (outcome.state) {
    case TrialState::complete:
      return judge_completed(facts, study);
    case TrialState::pruned:
      return judge_pruned(facts);
    case TrialState::failed:
      break;
    case TrialState::waiting: {
      Verdict waits =
          stopped(outcome.reason.empty() ? "stopped, goes on with the next run" : outcome.reason);
      waits.again = outcome.again && !facts.cancelled;
      return waits;
    }
    case TrialState::paused:
    case TrialState::running:
      return stopped(outcome.reason.empty() ? "stopped, goes on with the next run"
                                            : outcome.reason);
  }
  const auto failure = outcome.failure.value_or(FailureClass::exit_code);
  if (facts.cancelled && may_be_our_kill(failure)) {
    return stopped("ended by the user, goes on with the next run");
  }
  return failed(failure, outcome.reason);
}

}  // namespace

Verdict judge(const AttemptFacts& facts, const StudySpec& study, const TrialSpec& spec) {
  Verdict verdict = judge_first(facts, study);
  if (!verdict.failure || facts.retries >= spec.retries) return verdict;
  const auto& retried = spec.retry_on;
  if (std::find(retried.begin(), retried.end(), *verdict.failure) == retried.end()) return verdict;
  verdict.state = TrialState::waiting;
  verdict.again = true;
  return verdict;
}

Trial settled(Trial trial, const Verdict& verdict, const AttemptFacts& facts) {
  trial.state = verdict.state;
  trial.reason = verdict.reason;
  trial.job = facts.outcome.job;
  if (!facts.outcome.resource.empty()) trial.resource = facts.outcome.resource;
  if (!has_ended(verdict.state)) {
    if (verdict.again && verdict.failure) {
      ++trial.retries;
      trial.reason = fmt::format("attempt {}: {}{}{}", trial.attempt, to_string(*verdict.failure),
                                 verdict.reason.empty() ? "" : ", ", verdict.reason);
    }
    return trial;
  }
  trial.failure = verdict.failure;
  trial.value = verdict.value;
  trial.metrics = facts.reports.metrics();
  trial.artifact = facts.outcome.artifact;
  trial.finished_at = facts.outcome.ended_at;
  return trial;
}

}  // namespace hpo
