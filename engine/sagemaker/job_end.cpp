#include "engine/sagemaker/job_end.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/execution/attempt_end.h"
#include "engine/execution/files.h"

namespace hpo::sagemaker {
namespace {

constexpr std::size_t kTailBytes = 8192;

bool is_about(const std::string& text, const char* words) {
  return text.find(words) != std::string::npos;
}

template <class Words>
bool is_about_any(const std::string& text, const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return is_about(text, word); });
}

/// At most so many lines from a log's end: what the program said last.
std::string last_lines(const std::string& log) {
  constexpr int kLines = 10;
  const std::string text = log.substr(0, log.find_last_not_of(" \t\r\n") + 1);
  std::size_t begin = text.size();
  for (int line = 0; line < kLines && begin != std::string::npos && begin > 0; ++line) {
    begin = text.rfind('\n', begin - 1);
  }
  return execution::printable(begin == std::string::npos || begin == 0 ? text
                                                                       : text.substr(begin + 1));
}

TrialOutcome failed(FailureClass failure, std::string reason) {
  return {.state = TrialState::failed, .failure = failure, .reason = std::move(reason)};
}

/// The service's words say whose fault it was.
TrialOutcome failure_of(const JobEnd& end) {
  constexpr std::array kMemory = {"OutOfMemory",    "out of memory", "exit code: 137",
                                  "Exit code: 137", "ExitCode: 137", "std::bad_alloc"};
  constexpr std::array kService = {"InternalServerError", "Internal Server Error", "InternalError"};
  const std::string& reason = end.job.reason;
  const std::string text =
      execution::printable(reason.empty() ? "it failed without a reason" : reason);
  if (is_about_any(reason, kService)) return failed(FailureClass::lost, text);
  const std::string log = execution::tail_of(end.log, kTailBytes);
  if (is_about_any(reason, kMemory) || is_about_any(log, kMemory)) {
    return failed(FailureClass::oom, text);
  }
  const bool is_program = is_about(reason, "AlgorithmError") || is_about(reason, "xit code");
  if (!is_program) return failed(FailureClass::start, text);
  const std::string lines = last_lines(log);
  return failed(FailureClass::exit_code,
                lines.empty() ? text : text + "; its last lines:\n" + lines);
}

TrialOutcome stop_of(const JobEnd& end) {
  const JobDescription& job = end.job;
  if (end.was_pruned) {
    return {.state = TrialState::pruned, .reason = "stopped early", .artifact = job.artifact};
  }
  if (end.was_stopped) return execution::stopped_outcome();
  if (job.secondary == "MaxRuntimeExceeded") {
    return failed(FailureClass::timeout, "ran longer than its time (MaxRuntimeExceeded)");
  }
  if (job.secondary == "MaxWaitTimeExceeded") {
    return failed(FailureClass::lost,
                  "got no spot machine, or not for long enough (MaxWaitTimeExceeded)");
  }
  return failed(FailureClass::stopped, "its training job was stopped by somebody else");
}

}  // namespace

bool is_capacity_error(const JobDescription& job) {
  return job.status == "Failed" && is_about(job.reason, "CapacityError");
}

TrialOutcome outcome_of(const JobEnd& end) {
  TrialOutcome outcome;
  if (end.job.status == "Completed") {
    outcome = {.state = TrialState::complete, .artifact = end.job.artifact};
  } else if (is_capacity_error(end.job)) {
    outcome = execution::stopped_outcome();
    outcome.reason = end.job.reason;
    outcome.again = !end.was_stopped;
  } else {
    outcome = end.job.status == "Stopped" ? stop_of(end) : failure_of(end);
  }
  outcome.ended_at = end.job.ended_at;
  return outcome;
}

}  // namespace hpo::sagemaker
