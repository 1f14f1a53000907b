#include "engine/execution/local_executor.h"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

#include "engine/execution/attempt_end.h"
#include "engine/execution/enrolled.h"
#include "engine/execution/files.h"
#include "engine/execution/local_attempt.h"
#include "engine/execution/process_handle.h"
#include "engine/execution/supervisor_process.h"
#include "engine/execution/trial_inputs.h"
#include "engine/metric_reader.h"
#include "engine/trial_arguments.h"

extern char** environ;

namespace hpo::execution {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using supervision::Stop;

/// A supervisor that ends without having begun lost its race against another one; so often in a row
/// it does not happen.
constexpr int kMostStarts = 5;
/// Between two looks at an attempt while no descriptor is left; other attempts' ends free some.
constexpr std::chrono::milliseconds kUntilDescriptors{250};

/// This process's environment with the trial's own variables put in.
std::vector<std::string> merged_environment(std::map<std::string, std::string> own) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    if (!own.contains(std::string(variable.substr(0, variable.find('='))))) {
      all.emplace_back(variable);
    }
  }
  for (const auto& [name, value] : own) all.push_back(name + "=" + value);
  return all;
}

bool has_nul(const std::vector<std::string>& words) {
  for (const auto& word : words) {
    if (word.find('\0') != std::string::npos) return true;
  }
  return false;
}

/// Gives a folder of other work another name. Error: environment, if that work still runs.
Result<void> set_aside(const TrialDirectory& directory, pid_t supervisor) {
  if (supervisor > 0) {
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("process {} still runs another trial in {}", supervisor,
                                        directory.root.string()),
                 .hint = "wait until it ends, or end it"};
  }
  fs::path name;
  for (int k = 1; name.empty() || fs::exists(fs::symlink_status(name)); ++k) {
    name = fmt::format("{}-{}", directory.root.string(), k);
  }
  std::error_code failed;
  fs::rename(directory.root, name, failed);
  if (failed) return write_error(directory.root, failed.value());
  return {};
}

class LocalExecutor final : public Executor {
 public:
  LocalExecutor(const ExecutorOptions& options, fs::path supervisor, MetricReader reader)
      : config_(options.config),
        study_(options.study),
        folder_(options.folder),
        supervisor_(std::move(supervisor)),
        reader_(std::move(reader)) {}

  asio::awaitable<TrialOutcome> run(Trial trial, Resources resources, ReportFn report) override {
    const auto executor = co_await asio::this_coro::executor;
    const TrialDirectory directory = trial_directory(folder_, trial.number);
    LocalAttempt attempt(executor, log_watch(executor),
                         AttemptLog(directory.root, trial.attempt, reader_), std::move(report));
    const Enrolled<LocalAttempt> enrolled(running_, attempt);
    // Asio of Boost 1.81 throws past the spawner's handler where a coroutine is cancelled before it
    // was suspended once, as a report may do.
    co_await asio::post(executor, asio::use_awaitable);
    for (int starts = 0;;) {
      const Standing standing =
          standing_of(directory.root, trial.attempt, attempt_owner(study_, trial));
      Descriptor supervisor;
      switch (standing.state) {
        case Standing::State::ended:
          co_await attempt.read_rest();
          co_return ended(attempt.log(), directory, trial.attempt, standing.end);
        case Standing::State::lost:
          co_await clean_up(attempt, directory, trial.attempt);
          co_return lost_outcome(lost_reason(attempt));
        case Standing::State::supervised:
          supervisor = open_supervisor(directory.root, standing.supervisor);
          if (!supervisor && standing.supervisor <= 0) co_return invisible(directory);
          break;
        case Standing::State::foreign:
          if (auto moved = set_aside(directory, standing.supervisor); !moved) {
            co_return refused(moved.error());
          }
          break;
        case Standing::State::unknown:
          if (attempt.stop_reason() != Stop::none) co_return stopped_outcome();
          break;
        case Standing::State::untouched:
          if (auto end = cannot_start(attempt, directory, ++starts)) co_return *std::move(end);
          auto started = start(trial, resources, directory, attempt.log());
          if (!started) co_return refused(started.error());
          supervisor = *std::move(started);
          break;
      }
      if (supervisor) co_await attempt.follow(std::move(supervisor));
      if (standing.state == Standing::State::unknown) co_await attempt.pause(kUntilDescriptors);
    }
  }

  [[nodiscard]] bool can_adopt(const Trial& trial) override {
    const TrialDirectory directory = trial_directory(folder_, trial.number);
    const Standing standing =
        standing_of(directory.root, trial.attempt, attempt_owner(study_, trial));
    return standing.state != Standing::State::untouched &&
           standing.state != Standing::State::foreign;
  }

  void cancel_all(CancelReason reason) override {
    const Running<LocalAttempt> now = *running_;
    for (LocalAttempt* attempt : now) {
      attempt->stop(reason == CancelReason::kill ? Stop::kill : Stop::resume);
    }
  }

 private:
  /// All attempts that run share one, and the last of them takes it along: nothing of Asio is left
  /// between runs, so the executor may outlive its io_context.
  std::shared_ptr<LogWatch> log_watch(const asio::any_io_executor& executor) {
    auto watch = watch_.lock();
    if (!watch) watch = LogWatch::make(executor);
    watch_ = watch;
    return watch;
  }

  Result<Descriptor> start(const Trial& trial, const Resources& resources,
                           const TrialDirectory& directory, AttemptLog& log) const {
    const AttemptContext context{.config = config_,
                                 .study = study_,
                                 .study_folder = folder_,
                                 .trial = trial,
                                 .resources = resources};
    if (auto written = write_trial_inputs(context, directory); !written) return written.error();
    if (auto created = log.create(); !created) return created.error();
    auto words = trial_command(context);
    if (!words) return words.error();
    supervision::Job job{.owner = attempt_owner(study_, trial),
                         .working_directory = command_folder(config_).string(),
                         .arguments = *std::move(words),
                         .environment = merged_environment(trial_environment(context, directory)),
                         .cpus = resources.cpus,
                         .timeout_s = config_.trial.timeout_s.value_or(0),
                         .grace_s = config_.trial.grace_s,
                         .removals = {"model", "output/failure"}};
    if (has_nul(job.arguments) || has_nul(job.environment)) {
      return Error{.message = "a word of the command or of the environment holds a NUL",
                   .hint = "look for \\0 in trial.command and in the hyperparameters"};
    }
    const SupervisorStart supervisor{.program = supervisor_,
                                     .root = directory.root,
                                     .attempt = trial.attempt,
                                     .locks = resources.locks};
    return start_supervisor(supervisor, job);
  }

  [[nodiscard]] TrialOutcome ended(const AttemptLog& log, const TrialDirectory& directory,
                                   int attempt, const supervision::ExitRecord& record) const {
    TrialOutcome outcome =
        outcome_of({.spec = config_.trial, .directory = directory, .attempt = attempt}, record);
    outcome.unreadable = log.unreadable();
    if (outcome.state != TrialState::complete || log.error() == 0) return outcome;
    // It did well, but nobody knows how well.
    outcome.state = TrialState::failed;
    outcome.failure = FailureClass::lost;
    outcome.reason = fmt::format("its metrics are lost: cannot read its log {}: {}",
                                 log.file().string(), std::strerror(log.error()));
    return outcome;
  }

  /// Nothing of a lost attempt may go on beside the next one.
  static asio::awaitable<void> clean_up(LocalAttempt& attempt, const TrialDirectory& directory,
                                        int number) {
    constexpr std::chrono::milliseconds kBetween{10};
    constexpr int kMostRounds = 500;
    for (int i = 0; i < kMostRounds && kill_leftovers(directory.root, number) > 0; ++i) {
      co_await attempt.pause(kBetween);
    }
    co_await attempt.read_rest();
  }

  static std::string lost_reason(const LocalAttempt& attempt) {
    const int error = attempt.supervisor_status().value_or(0);
    if (error != 0) return fmt::format("its end could not be recorded: {}", std::strerror(error));
    return "it was started, but nothing recorded its end: the machine or its supervisor was killed";
  }

  static TrialOutcome refused(const Error& error) {
    return start_failure(error.hint.empty() ? error.message : error.message + "; " + error.hint);
  }

  static TrialOutcome invisible(const TrialDirectory& directory) {
    return lost_outcome(fmt::format("a process outside of this container or machine holds {}",
                                    directory.root.string()));
  }

  /// Why an attempt is not started, or not once more.
  static std::optional<TrialOutcome> cannot_start(const LocalAttempt& attempt,
                                                  const TrialDirectory& directory, int starts) {
    if (attempt.stop_reason() != Stop::none) return stopped_outcome();
    const int error = attempt.supervisor_status().value_or(0);
    if (error != 0) return refused(write_error(directory.root, error));
    if (starts > kMostStarts) return start_failure("its supervisor ended before it began");
    return std::nullopt;
  }

  TuningConfig config_;
  StudySpec study_;
  fs::path folder_;
  fs::path supervisor_;
  MetricReader reader_;  ///< the one that attempts copy
  std::shared_ptr<Running<LocalAttempt>> running_ = std::make_shared<Running<LocalAttempt>>();
  std::weak_ptr<LogWatch> watch_ = {};
};

Result<void> check_machine() {
  const Descriptor self = open_process(getpid());
  if (self) return {};
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("cannot watch processes: {}", std::strerror(errno)),
               .hint = "trials need Linux 5.4 or newer"};
}

}  // namespace

Result<std::unique_ptr<Executor>> make_local_executor(const ExecutorOptions& options) {
  if (auto able = check_machine(); !able) return able.error();
  auto supervisor = helper_program("hpo-supervisor", "HPO_SUPERVISOR");
  if (!supervisor) return supervisor.error();
  if (!options.config.trial.trainer.empty()) {
    if (auto model = helper_program("hpo-model", "HPO_MODEL_PROGRAM"); !model) return model.error();
  }
  if (auto made = make_folder(options.folder); !made) return made.error();
  if (access(options.folder.c_str(), W_OK) != 0) return write_error(options.folder, errno);
  auto reader = MetricReader::make(options.config.trial.metrics);
  if (!reader) return reader.error();
  ExecutorOptions absolute{.config = options.config,
                           .study = options.study,
                           .folder = fs::absolute(options.folder).lexically_normal()};
  return std::unique_ptr<Executor>(
      std::make_unique<LocalExecutor>(absolute, *std::move(supervisor), *std::move(reader)));
}

}  // namespace hpo::execution
