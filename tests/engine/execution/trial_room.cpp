#include "tests/engine/execution/trial_room.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "tests/engine/execution/room_config.h"

namespace hpo {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

ReportFn recorder(RunResult& result, const Answer& answer) {
  return [&result, answer](const Measurement& measurement) {
    result.reports.push_back(measurement);
    return answer ? answer(measurement) : ReportDecision::go_on;
  };
}

void spawn_trial(asio::io_context& io, Executor& executor, const Trial& trial,
                 const Resources& resources, RunResult& result, const Answer& answer) {
  asio::co_spawn(io, executor.run(trial, resources, recorder(result, answer)),
                 [&result](const std::exception_ptr& exception, TrialOutcome outcome) {
                   if (exception) std::rethrow_exception(exception);
                   result.outcome = std::move(outcome);
                 });
}

}  // namespace

TrialRoom::TrialRoom() { config = room_config(path()); }

TrialRoom::~TrialRoom() {
  EXPECT_EQ(processes_of({.root = study_folder()}).size(), 0U) << "a process was left behind";
}

fs::path TrialRoom::write(const std::string& name, const std::string& text, bool is_program) const {
  const fs::path file = folder_ / name;
  std::ofstream(file, std::ios::binary) << text;
  if (is_program) fs::permissions(file, fs::perms::owner_all);
  return file;
}

fs::path TrialRoom::make_fifo(const std::string& name) const {
  const fs::path file = folder_ / name;
  EXPECT_EQ(mkfifo(file.c_str(), 0600), 0);
  return file;
}

std::string TrialRoom::read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void TrialRoom::use_script(const std::string& script) { hpo::use_script(config, script); }

std::unique_ptr<Executor> TrialRoom::executor() const {
  const ExecutorOptions options{.config = config, .study = config.study, .folder = study_folder()};
  auto made = make_executor(options);
  if (made) return *std::move(made);
  ADD_FAILURE() << made.error().message;
  return nullptr;
}

RunResult run_trial(Executor& executor, const Trial& trial, const Resources& resources,
                    const Answer& answer) {
  asio::io_context io;
  RunResult result;
  spawn_trial(io, executor, trial, resources, result, answer);
  io.run();
  return result;
}

std::vector<RunResult> run_trials(Executor& executor, const std::vector<Trial>& trials) {
  asio::io_context io;
  std::vector<RunResult> results(trials.size());
  for (std::size_t i = 0; i < trials.size(); ++i) {
    spawn_trial(io, executor, trials[i], {}, results[i], {});
  }
  io.run();
  return results;
}

void abandon_trial(Executor& executor, const Trial& trial) {
  asio::io_context io;
  asio::cancellation_signal cancel;
  bool was_aborted = false;
  const auto report = [&](const Measurement&) {
    cancel.emit(asio::cancellation_type::terminal);
    return ReportDecision::go_on;
  };
  asio::co_spawn(io, executor.run(trial, {}, report),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&](const std::exception_ptr& exception, TrialOutcome) {
                       was_aborted = exception != nullptr;
                     }));
  io.run();
  EXPECT_TRUE(was_aborted);
}

std::vector<double> values_of(const RunResult& result, const std::string& metric) {
  std::vector<double> values;
  for (const auto& report : result.reports) {
    const auto at = report.metrics.find(metric);
    if (at != report.metrics.end()) values.push_back(at->second);
  }
  return values;
}

std::vector<pid_t> processes_of(const TrialDirectory& directory) {
  std::vector<pid_t> pids;
  const std::string variable = "SAGEMAKER_BASE_DIR=" + directory.root.string();
  std::error_code error;
  for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
    const std::string environment = TrialRoom::read(at->path() / "environ");
    if (environment.find(variable) == std::string::npos) continue;
    pids.push_back(std::stoi(at->path().filename().string()));
  }
  return pids;
}

}  // namespace hpo
