#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <cstdio>

#include "trainers/cli/verbs.h"
#include "trainers/trainer.h"
#include "trainers/training_job.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

// Set by SIGTERM and SIGINT; a signal handler can reach nothing but a global.
std::atomic<bool> stop_requested = false;  // NOLINT(*-avoid-non-const-global-variables)

void request_stop(int) { stop_requested = true; }

void listen_for_stop() {
  struct sigaction action = {};
  action.sa_handler = request_stop;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
}

fs::path base_directory(const TrainArgs& args) {
  if (!args.directory.empty()) return args.directory;
  const auto base = process_environment()("SAGEMAKER_BASE_DIR");
  return base && !base->empty() ? *base : "/opt/ml";
}

/// Whoever reads the metrics waits for each line.
void print_line(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

Result<TrainedModel> train_in(TrainingJob& job, const TrainArgs& args) {
  auto trainer = make_trainer(args.trainer);
  if (!trainer) return trainer.error();
  job.context.checkpoint_interval_s = args.checkpoint_interval_s;
  job.context.report = [](std::string_view metric, double value, std::int64_t step) {
    print_line(metric_line(metric, value, step));
  };
  job.context.log = print_line;
  job.context.stop_requested = [] { return stop_requested.load(); };
  return (*trainer)->train(job.hyperparameters, job.context);
}

}  // namespace

int train(const TrainArgs& args) {
  listen_for_stop();
  const fs::path base = base_directory(args);
  auto job = read_training_job(base, process_environment());
  auto trained = job ? train_in(*job, args) : Result<TrainedModel>(job.error());
  if (!trained) {
    if (fs::is_directory(base)) {
      // The reason is on stderr too, so an unwritable folder loses nothing.
      if (auto written = write_failure(base / "output/failure", trained.error()); !written) {
        fail(written.error());
      }
    }
    return fail(trained.error());
  }
  print_line(trained->stopped
                 ? fmt::format("stopped; the model of epoch {} is kept", trained->epoch)
                 : fmt::format("done; the model of epoch {} is kept", trained->epoch));
  return 0;
}

}  // namespace hpo::cli
