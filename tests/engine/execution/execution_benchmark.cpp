// What trials cost the engine: prints, asserts nothing.
//   hpo_execution_benchmark [TRIALS] [LOG_MB]

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>

#include "engine/executors.h"
#include "tests/engine/execution/room_config.h"

namespace hpo {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

double cpu_ms() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1e3 * static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-3 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

long peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

struct Figures {
  double wall_s = 0;
  double engine_cpu_ms = 0;
  int complete = 0;
  int reports = 0;
};

/// Runs so many trials, `parallel` at a time, one after the other in each lane.
class Bench {
 public:
  Bench(Executor& executor, int trials) : executor_(executor), left_(trials) {}

  Figures run(int parallel) {
    const auto begin = std::chrono::steady_clock::now();
    const double cpu_before = cpu_ms();
    for (int i = 0; i < parallel; ++i) asio::co_spawn(io_, lane(), asio::detached);
    io_.run();
    figures_.wall_s =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    figures_.engine_cpu_ms = cpu_ms() - cpu_before;
    return figures_;
  }

 private:
  asio::awaitable<void> lane() {
    while (left_-- > 0) {
      Trial trial;
      trial.number = next_++;
      trial.configuration = {{"x1", 0.5}, {"x2", 0.5}};
      ReportFn report = [this](const Measurement&) {
        ++figures_.reports;
        return ReportDecision::go_on;
      };
      Resources resources;
      const TrialOutcome outcome =
          co_await executor_.run(std::move(trial), std::move(resources), std::move(report));
      figures_.complete += outcome.state == TrialState::complete ? 1 : 0;
    }
  }

  asio::io_context io_ = {};
  Executor& executor_;
  int left_ = 0;
  std::int64_t next_ = 0;
  Figures figures_ = {};
};

Figures measure(TuningConfig config, const fs::path& folder, int trials, int parallel) {
  const ExecutorOptions options{.config = config, .study = config.study, .folder = folder};
  const auto executor = make_executor(options);
  if (!executor) {
    fmt::print("{}\n", executor.error().message);
    return {};
  }
  return Bench(**executor, trials).run(parallel);
}

void print(const char* what, const Figures& figures, int trials) {
  fmt::print(
      "{:<34} {:>6} trials {:>7.2f} s  engine CPU {:>8.3f} ms per trial  {} complete, {} reports\n",
      what, trials, figures.wall_s, figures.engine_cpu_ms / trials, figures.complete,
      figures.reports);
}

void run_all(const fs::path& folder, int trials, int log_mb) {
  TuningConfig config = room_config(folder);
  use_script(config, "for i in 1 2 3 4 5; do echo loss: $i; done");
  print("sh with 5 reports, 2 at a time", measure(config, folder / "a", trials, 2), trials);
  use_script(config, "sleep 1");
  print("sleep 1, 8 at a time", measure(config, folder / "b", 8, 8), 8);
  use_script(config, "for i in $(seq 100); do echo loss: $i; sleep 0.05; done");
  print("a report each 50 ms for 5 s", measure(config, folder / "c", 1, 1), 1);
  use_script(config, "yes a line as programs print them, without a metric | head -c " +
                         std::to_string(log_mb) + "000000; echo; echo loss: 1");
  print(fmt::format("a log of {} MB", log_mb).c_str(), measure(config, folder / "d", 1, 1), 1);
  config.trial.command.clear();
  config.trial.objective = "branin";
  print("branin in process", measure(config, folder / "e", 10'000, 1), 10'000);
  fmt::print("peak memory {} MiB\n", peak_mib());
}

}  // namespace
}  // namespace hpo

int main(int argc, char** argv) {
  const hpo::TempFolder folder;
  hpo::run_all(folder.path(), argc > 1 ? std::stoi(argv[1]) : 100,
               argc > 2 ? std::stoi(argv[2]) : 64);
  return 0;
}
