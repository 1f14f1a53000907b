// hpo train FILE: one training without a search, with the file's fixed hyperparameters.

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/cli/file_args.h"
#include "engine/cli/signals.h"
#include "engine/cli/study_run.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/ticker.h"
#include "engine/cli/training_log.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/verbs.h"
#include "engine/executors.h"
#include "engine/trial_arguments.h"
#include "engine/trial_directory.h"
#include "objectives/seed.h"

namespace hpo::cli {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

/// The parts of one training.
struct Training {
  const TuningConfig& config;
  Executor& executor;
  ResourcePool& pool;
  Trial trial = {};
};

/// The first free number below the folder of trainings; makes its folder.
Result<std::int64_t> new_number(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  for (std::int64_t number = 0; !error; ++number) {
    if (fs::create_directory(trial_directory(folder, number).root, error)) return number;
  }
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("cannot write in {}: {}", printable(folder.string()),
                                      error.message())};
}

void record(Trial& trial, const TuningConfig& config, const Measurement& measurement) {
  for (const auto& [name, value] : measurement.metrics) trial.metrics[name] = value;
  if (config.study.objectives.empty()) return;
  const auto at = measurement.metrics.find(config.study.objectives.front().metric);
  if (at != measurement.metrics.end()) trial.value = at->second;
}

/// `result` is told rather than returned: moved through asio it alarms g++ 12 (uninitialised).
asio::awaitable<void> train(Training& training, Result<TrialOutcome>& result) {
  auto lease = co_await training.pool.acquire(training.trial.number);
  if (!lease) {
    result = lease.error();
    co_return;
  }
  Trial& trial = training.trial;
  trial.resource = lease->resources().label;
  trial.state = TrialState::running;
  trial.started_at = current_time();
  ReportFn report = [&training](const Measurement& measurement) {
    record(training.trial, training.config, measurement);
    return ReportDecision::go_on;
  };
  Trial copy = trial;
  Resources resources = lease->resources();
  TrialOutcome outcome =
      co_await training.executor.run(std::move(copy), std::move(resources), std::move(report));
  result = std::move(outcome);
}

/// Ctrl-C stops the training, gently at first.
void on_signal(Executor& executor, int& signals) {
  note(signals == 0 ? "stopping the training (Ctrl-C again kills it)" : "killing the training");
  executor.cancel_all(signals == 0 ? CancelReason::stop_and_resume_later : CancelReason::kill);
  ++signals;
}

/// The outcome, or the exit code of the signal that ended it.
Result<TrialOutcome> run_training(Training& training, const fs::path& log, int& signal_code) {
  asio::io_context io(1);
  int count = 0;
  Signals signals(io, {.interrupt = [&](Interrupt) { on_signal(training.executor, count); }});
  TrainingLog shown(log);
  Ticker ticker(io, std::chrono::milliseconds(100), [&] { shown.print_new(); });
  Result<TrialOutcome> result = TrialOutcome{};
  asio::co_spawn(io, train(training, result), [&](const std::exception_ptr& thrown) {
    if (thrown) result = internal_error(thrown);
    signals.cancel();
    ticker.cancel();
  });
  io.run();
  shown.print_new();
  signal_code = signals.exit_code();
  return result;
}

void finish(Trial& trial, const TrialOutcome& outcome) {
  trial.state = outcome.state;
  trial.failure = outcome.failure;
  trial.reason = outcome.reason;
  trial.artifact = outcome.artifact;
  trial.finished_at = current_time();
}

int print_training(const Trial& trial, const fs::path& folder, Format format) {
  if (format == Format::json) {
    print_json(trial_json({}, trial, folder, current_time()));
  } else if (format == Format::csv) {
    print(trials_csv({}, {std::make_shared<Trial>(trial)}, folder, current_time()));
  } else {
    const std::string reason = brief_reason(trial);  // its log was shown as it came
    std::vector<std::pair<std::string, std::string>> fields = {
        {"training",
         fmt::format("{}{}{}", to_string(trial.state), reason.empty() ? "" : ": ", reason)}};
    for (const auto& [name, value] : trial.metrics) {
      fields.emplace_back("  " + printable(name), number_text(value));
    }
    fields.emplace_back("folder", printable(trial_directory(folder, trial.number).root.string()));
    fields.emplace_back("model", printable(trial.artifact));
    print(fields_text(fields, terminal_width(STDOUT_FILENO)));
  }
  return trial.state == TrialState::complete ? kDone : kNothingUsable;
}

/// A made-up study around the one trial.
StudySpec spec_of(const TuningConfig& config, std::int64_t number) {
  StudySpec spec = config.study;
  spec.id = fmt::format("train-{}-{}", current_time().time_since_epoch().count(), number);
  return spec;
}

}  // namespace

int run_train(const FileArgs& args) {
  const auto loaded = load_file(args, ConfigUse::training);
  if (!loaded.config) return fail(loaded.errors, args.format);
  const TuningConfig& config = *loaded.config;
  note_advice(loaded.advice);
  const auto pool = make_pool(config);
  if (!pool) return fail(pool.error(), args.format);
  const fs::path folder = study_folder(config.storage, config.study.name) / "train";
  const auto number = new_number(folder);
  if (!number) return fail(number.error(), args.format);
  const ExecutorOptions options{
      .config = config, .study = spec_of(config, *number), .folder = folder};
  const auto executor = make_executor(options);
  if (!executor) return fail(executor.error(), args.format);
  Training training{.config = config, .executor = **executor, .pool = **pool};
  training.trial.number = *number;
  training.trial.seed = mix_seed(config.study.seed, static_cast<std::uint64_t>(*number));
  training.trial.configuration = config.trial.hyperparameters;
  const auto log = trial_directory(folder, *number).log(1);
  note(fmt::format("one training of {}, log in {}", config.study.name, printable(log.string())));
  int signal_code = 0;
  const auto outcome = run_training(training, log, signal_code);
  if (!outcome) return fail(outcome.error(), args.format);
  finish(training.trial, *outcome);
  const int code = print_training(training.trial, folder, args.format);
  if (!config.trial.trainer.empty() && !training.trial.artifact.empty()) {
    suggest(args.format, fmt::format("hpo predict {} PHOTOS --out predictions",
                                     shell_line({training.trial.artifact})));
  }
  return signal_code != 0 ? signal_code : code;
}

}  // namespace hpo::cli
