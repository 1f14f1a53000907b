#include "engine/execution/attempt_end.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstring>

#include "engine/execution/files.h"
#include "objectives/plain_text.h"

namespace hpo::execution {
namespace {

namespace fs = std::filesystem;
using supervision::ExitRecord;
using supervision::StartStep;
using supervision::Stop;

constexpr std::size_t kReasonBytes = 1024;  ///< as SageMaker takes of output/failure
constexpr std::size_t kTailBytes = 8192;    ///< of a log, where the cause of an end is looked for
constexpr int kTailLines = 10;
constexpr std::uintmax_t kFullBelow = 1 << 20;  ///< a disk with less than this left is full

/// What programs print when memory, the host's or a device's, has run out.
constexpr std::array<std::string_view, 5> kOutOfMemory = {"CUDA out of memory", "OutOfMemoryError",
                                                          "CUDA_ERROR_OUT_OF_MEMORY",
                                                          "std::bad_alloc", "\nMemoryError"};

/// What they print, and the system's own words, where a disk had no room.
constexpr std::string_view kNoSpace = "No space left on device";

/// At most kTailLines lines and kReasonBytes bytes from the end.
std::string_view last_lines(std::string_view text) {
  text = trimmed(text);
  if (text.size() > kReasonBytes) text.remove_prefix(text.size() - kReasonBytes);
  std::size_t begin = text.size();
  for (int lines = 0; lines < kTailLines && begin != std::string_view::npos && begin > 0; ++lines) {
    begin = text.rfind('\n', begin - 1);
  }
  return begin == std::string_view::npos || begin == 0 ? text : text.substr(begin + 1);
}

/// output/failure's beginning.
std::string failure_text(const TrialDirectory& directory) {
  const auto text = supervision::read_file(directory.failure());
  return text ? printable(trimmed(std::string_view(*text).substr(0, kReasonBytes))) : "";
}

bool is_disk_full(const fs::path& folder) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return !error && space.available < kFullBelow;
}

bool is_about(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

bool says_out_of_memory(const std::string& text) {
  return std::any_of(kOutOfMemory.begin(), kOutOfMemory.end(),
                     [&](std::string_view word) { return is_about(text, word); });
}

std::string artifact_of(const TrialDirectory& directory) {
  std::error_code error;
  const fs::directory_iterator first(directory.model(), error);
  return error || first == fs::directory_iterator() ? "" : directory.model().string();
}

std::string end_text(const ExitRecord& record) {
  if (record.signal == 0) return fmt::format("exit code {}", record.code);
  const char* const name = sigdescr_np(record.signal);
  return fmt::format("ended by signal {} ({})", record.signal, name != nullptr ? name : "unknown");
}

std::string start_text(const EndedAttempt& ended, const ExitRecord& record) {
  const char* const error = std::strerror(record.error);
  switch (record.failed_step) {
    case StartStep::log:
      return fmt::format("cannot open its log {}: {}", ended.directory.log(ended.attempt).string(),
                         error);
    case StartStep::cpus:
      return fmt::format("cannot run on the CPUs that it was given: {}", error);
    case StartStep::folder:
      return fmt::format("cannot enter the folder of the tuning file: {}", error);
    case StartStep::program:
      return fmt::format("cannot start {}: {}",
                         ended.spec.command.empty() ? ended.spec.trainer : ended.spec.command[0],
                         error);
    case StartStep::fork:
    case StartStep::none:
      break;
  }
  return fmt::format("cannot start a process: {}", error);
}

FailureClass class_of(const ExitRecord& record, const std::string& words) {
  constexpr int kShellOfKilled = 128 + SIGKILL;
  const bool was_killed = record.signal == SIGKILL || record.code == kShellOfKilled;
  if (was_killed && record.oom_kills > 0) return FailureClass::oom;
  if (says_out_of_memory(words)) return FailureClass::oom;
  return record.signal != 0 ? FailureClass::signal : FailureClass::exit_code;
}

TrialOutcome failed(FailureClass failure, std::string reason) {
  return {.state = TrialState::failed, .failure = failure, .reason = std::move(reason)};
}

TrialOutcome failure_of(const EndedAttempt& ended, const ExitRecord& record) {
  const std::string log = "\n" + tail_of(ended.directory.log(ended.attempt), kTailBytes);
  const std::string said = failure_text(ended.directory);
  const std::string words = "\n" + said + log;
  std::string reason = end_text(record);
  if (record.oom_kills > 0 && class_of(record, "") == FailureClass::oom) {
    reason += ", out of memory";
  }
  const bool had_no_room = is_disk_full(ended.directory.root) || is_about(words, kNoSpace);
  if (had_no_room) {
    reason += "; disk full";
  }
  const std::string lines = printable(last_lines(log));
  if (!said.empty()) {
    reason += ": " + said;
  } else if (!lines.empty()) {
    reason += "; its last lines:\n" + lines;
  }
  const FailureClass failure = class_of(record, words);
  // The configuration is not to blame for the disk.
  const bool is_lost = had_no_room && failure == FailureClass::exit_code;
  return failed(is_lost ? FailureClass::lost : failure, std::move(reason));
}

TimePoint time_of(std::int64_t ns) {
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(ns)};
  return std::chrono::floor<std::chrono::milliseconds>(time);
}

TrialOutcome meaning_of(const EndedAttempt& ended, const ExitRecord& record) {
  if (record.failed_step != StartStep::none) return start_failure(start_text(ended, record));
  if (record.timed_out) {
    return failed(
        FailureClass::timeout,
        fmt::format("ran longer than its timeout of {} s{}", ended.spec.timeout_s.value_or(0),
                    record.killed ? ", and had to be killed" : ""));
  }
  if (record.stop == Stop::pruned) {
    return {.state = TrialState::pruned,
            .reason = "stopped early",
            .artifact = artifact_of(ended.directory)};
  }
  if (record.stop != Stop::none) return stopped_outcome();
  if (record.code != 0 || record.signal != 0) return failure_of(ended, record);
  return {.state = TrialState::complete, .artifact = artifact_of(ended.directory)};
}

}  // namespace

TrialOutcome outcome_of(const EndedAttempt& ended, const ExitRecord& record) {
  TrialOutcome outcome = meaning_of(ended, record);
  outcome.ended_at = time_of(record.ended_ns);
  const auto start = supervision::read_start(ended.directory.root, ended.attempt);
  if (start) outcome.job = std::to_string(start->pid);
  return outcome;
}

TrialOutcome lost_outcome(const std::string& reason) { return failed(FailureClass::lost, reason); }

TrialOutcome start_failure(const std::string& reason) {
  return failed(FailureClass::start, reason);
}

TrialOutcome stopped_outcome() {
  return {.state = TrialState::waiting, .reason = "stopped, to be resumed"};
}

}  // namespace hpo::execution
