// hpo_execution_engine ROOM NUMBER ATTEMPT TIMEOUT_S SCRIPT
//
// An engine that tests can kill: runs one trial of a room and prints each report and the end. With
// HPO_TEST_TRACED set it lets its parent trace it, and stops just before it runs the trial.

#include <sys/ptrace.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/executors.h"
#include "tests/engine/execution/room_config.h"

namespace {

hpo::ReportDecision print_report(const hpo::Measurement& measurement) {
  std::printf("report %ld\n", static_cast<long>(measurement.step));
  std::fflush(stdout);
  return hpo::ReportDecision::go_on;
}

void run_trial(hpo::Executor& executor, const hpo::Trial& trial) {
  boost::asio::io_context io;
  boost::asio::co_spawn(io, executor.run(trial, {}, print_report),
                        [](const std::exception_ptr&, const hpo::TrialOutcome& outcome) {
                          std::printf("end %s\n", hpo::to_string(outcome.state));
                        });
  if (std::getenv("HPO_TEST_TRACED") != nullptr) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
  }
  io.run();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  hpo::TuningConfig config = hpo::room_config(argv[1]);
  config.trial.timeout_s = std::stod(argv[4]);
  hpo::use_script(config, argv[5]);
  const hpo::ExecutorOptions options{
      .config = config, .study = config.study, .folder = hpo::room_runs(argv[1])};
  const auto executor = hpo::make_executor(options);
  if (!executor) return 3;
  run_trial(**executor, {.number = std::stol(argv[2]), .attempt = std::stoi(argv[3])});
  return 0;
}
