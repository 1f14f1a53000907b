#include "engine/cli/study_run.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <nlohmann/json.hpp>

#include "engine/cli/signals.h"
#include "engine/cli/ticker.h"
#include "engine/execution/orphans.h"
#include "engine/executors.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

namespace asio = boost::asio;

/// How often the view is redrawn when nothing happens.
constexpr auto kTick = std::chrono::milliseconds(250);

}  // namespace

Result<std::unique_ptr<ResourcePool>> make_pool(const TuningConfig& config) {
  const bool is_elsewhere = config.sagemaker.has_value() || !config.trial.objective.empty();
  if (is_elsewhere) return make_slot_pool(config.limits.parallel);
  return make_local_pool(config.resources);
}

Result<std::unique_ptr<Sampler>> make_file_sampler(const TuningConfig& config) {
  const auto options = parse_json(config.strategy.options);
  if (!options) return options.error();
  return make_sampler(config.strategy.name, *options, config.study.space);
}

namespace {

/// The file's study as it is stored. Errors: there is none yet; what else is wrong, opening for
/// writing says.
Result<StoredStudy> stored_study(const TuningConfig& config) {
  auto reader = make_sqlite_reader(config.storage);
  if (!reader) return reader.error();
  return (*reader)->load(config.study.name);
}

Result<void> check_same_work(const TuningConfig& config, const StoredStudy& stored) {
  if (stored.study.trials.empty()) return {};
  const auto changes = describe_changes(stored.config, to_json_text(config));
  const auto tuned = changes_of_what_is_tuned(changes);
  if (tuned.empty()) return {};
  return Error{
      .message = fmt::format("study \"{}\" in {} tunes something else than this file:\n  {}",
                             config.study.name, config.storage.string(), fmt::join(tuned, "\n  ")),
      .hint =
          "undo the change, name another study (--set study=NAME), or begin anew with "
          "--fresh, which renames the old study"};
}

/// A run holds 16 descriptors, and two for each trial that runs (its log, a handle on its
/// supervisor); a start takes some more for a moment, a lease up to one.
constexpr rlim_t kOwnDescriptors = 24;
constexpr rlim_t kTrialDescriptors = 3;

/// Raises this process's limit of open files where it is too low for so many trials at once.
Result<void> allow_descriptors(int trials) {
  const rlim_t needed = kOwnDescriptors + kTrialDescriptors * static_cast<rlim_t>(trials);
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return {};
  if (limit.rlim_max >= needed) {
    limit.rlim_cur = needed;
    setrlimit(RLIMIT_NOFILE, &limit);
    return {};
  }
  std::string hint = fmt::format("ulimit -n {}", needed);
  if (limit.rlim_max >= kOwnDescriptors + kTrialDescriptors) {
    hint += fmt::format(", or limits.parallel: {}",
                        (limit.rlim_max - kOwnDescriptors) / kTrialDescriptors);
  }
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("{} trials at once need {} open files, {} are allowed",
                                      trials, needed, limit.rlim_max),
               .hint = hint};
}

/// Trials of a study that the database does not know, because it was removed or is another one,
/// must end before this one's take their folders.
Result<void> check_no_strangers(const std::filesystem::path& folder) {
  const auto live = execution::live_attempts(folder);
  if (live.empty()) return {};
  std::vector<std::string> processes;
  for (const auto& attempt : live) processes.push_back(std::to_string(attempt.supervisor));
  return Error{
      .code = ErrorCode::held,
      .message = fmt::format("trials of another study of this name still run in {} (process {})",
                             folder.string(), fmt::join(processes, ", ")),
      .hint = fmt::format("wait until they end, end them (kill {}), or name another study "
                          "(--set study=NAME)",
                          fmt::join(processes, " "))};
}

}  // namespace

Result<void> check_same_work(const TuningConfig& config) {
  const auto stored = stored_study(config);
  return stored ? check_same_work(config, *stored) : Result<void>();
}

/// In order of construction: each may use those above it and is destroyed before them.
struct StudyRun::Parts {
  TuningConfig config;
  std::filesystem::path folder = {};
  std::unique_ptr<ResourcePool> pool = {};
  std::unique_ptr<Sampler> sampler = {};
  std::unique_ptr<StudyStore> store = {};
  OpenedStudy opened = {};
  std::unique_ptr<Executor> executor = {};
  bool detaches = false;
};

StudyRun::StudyRun(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
StudyRun::~StudyRun() = default;

const OpenedStudy& StudyRun::opened() const { return parts_->opened; }
const std::filesystem::path& StudyRun::folder() const { return parts_->folder; }

Result<std::unique_ptr<StudyRun>> StudyRun::open(const TuningConfig& config, RunOptions options) {
  const bool fresh = options.fresh;
  auto parts = std::make_unique<Parts>();
  parts->config = config;
  parts->detaches = options.detach_jobs;
  parts->folder = study_folder(config.storage, config.study.name);
  auto pool = make_pool(config);
  if (!pool) return pool.error();
  parts->pool = std::move(*pool);
  if (config.trial.objective.empty()) {
    const int at_once = std::min(config.limits.parallel, parts->pool->capacity());
    if (auto allowed = allow_descriptors(at_once); !allowed) return allowed.error();
  }
  auto sampler = make_file_sampler(config);
  if (!sampler) return sampler.error();
  parts->sampler = std::move(*sampler);
  // First of all it leads an older file to this version's format, which readers need.
  auto store = make_sqlite_store(config.storage);
  if (!store) return store.error();
  const auto stored = stored_study(config);
  if (!stored) {
    if (auto alone = check_no_strangers(parts->folder); !alone) return alone.error();
  } else if (!fresh) {
    if (auto same = check_same_work(config, *stored); !same) return same.error();
  }
  parts->store = std::move(*store);
  const OpenOptions how{
      .config = to_json_text(config), .sources = std::move(options.sources), .fresh = fresh};
  auto opened = parts->store->open(config.study, how);
  if (!opened) return opened.error();
  parts->opened = std::move(*opened);
  const ExecutorOptions where{.config = parts->config,
                              .study = parts->opened.study.spec,
                              .folder = parts->folder,
                              .detach = options.detach_jobs};
  auto executor = make_executor(where);
  if (!executor) return executor.error();
  parts->executor = std::move(*executor);
  return std::unique_ptr<StudyRun>(new StudyRun(std::move(parts)));
}

RunEnd StudyRun::run(Progress& progress) {
  asio::io_context io(1);
  Scheduler scheduler(parts_->config, parts_->opened,
                      {.sampler = *parts_->sampler,
                       .executor = *parts_->executor,
                       .store = *parts_->store,
                       .pool = *parts_->pool,
                       .observer = progress});
  Signals signals(io, {.interrupt =
                           [&](Interrupt level) {
                             // Jobs that are left to themselves are not waited for.
                             if (parts_->detaches) level = std::max(level, Interrupt::stop);
                             progress.on_interrupt(level);
                             scheduler.interrupt(level);
                           },
                       .suspend = [&] { progress.pause(); },
                       .resume = [&] { progress.resume(); }});
  Ticker ticker(io, kTick, [&] { progress.tick(scheduler.progress().status); });
  RunEnd end;
  asio::co_spawn(io, scheduler.run(),
                 [&](const std::exception_ptr& thrown, Result<StudyEnd> outcome) {
                   end.end = thrown ? Result<StudyEnd>(internal_error(thrown)) : std::move(outcome);
                   signals.cancel();
                   ticker.cancel();
                 });
  io.run();
  end.signal_code = signals.exit_code();
  end.study = scheduler.study();
  end.progress = scheduler.progress();
  return end;
}

}  // namespace hpo::cli
