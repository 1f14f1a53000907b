// Prints what the scheduler itself costs: trials per second with an executor that ends at once and
// a store that only keeps the last state in memory, and the bytes that a study of 1,000 trials
// takes.

#include <fmt/core.h>
#include <malloc.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>

#include "engine/scheduler.h"
#include "tests/support/fake_pool.h"
#include "tests/support/fake_store.h"

namespace hpo {
namespace {

class InstantExecutor final : public Executor {
 public:
  boost::asio::awaitable<TrialOutcome> run(Trial trial, Resources, ReportFn report) override {
    report({.step = 0, .metrics = {{"value", static_cast<double>(trial.seed % 1000)}}});
    co_return TrialOutcome{};
  }
  bool can_adopt(const Trial&) override { return false; }
  void cancel_all(CancelReason) override {}
};

class SeedSampler final : public Sampler {
 public:
  Result<Suggestion> suggest(const Study&, std::uint64_t seed) override {
    return Suggestion{.configuration = {{"x", static_cast<double>(seed % 1000)},
                                        {"optimizer", std::string("adam")},
                                        {"layers", static_cast<std::int64_t>(3)}}};
  }
};

class Silent final : public SchedulerObserver {
 public:
  void on_started(const Study&, const Trial&) override {}
  void on_report(const Study&, const Trial&, const Measurement&) override {}
  void on_finished(const Study&, const Trial&) override {}
  void on_slots(const std::vector<SlotStatus>&) override {}
  void on_notice(const std::string& message) override { fmt::print("notice: {}\n", message); }
};

void measure(std::int64_t trials, int parallel, bool median) {
  TuningConfig config;
  config.study = {.name = "benchmark", .objectives = {{.metric = "value"}}};
  config.strategy.early_stopping = median ? "median" : "";
  config.limits = {.trials = trials, .parallel = parallel};
  config.trial.objective = "instant";
  config.storage = "/nonexistent/hpo.db";
  SeedSampler sampler;
  InstantExecutor executor;
  FakeStore store;
  FakePool pool({"cpu 0", "cpu 1", "cpu 2", "cpu 3"}, false);
  Silent observer;
  boost::asio::io_context io;
  const auto before = mallinfo2().uordblks;
  const auto start = std::chrono::steady_clock::now();
  Scheduler scheduler(config, store.open(config.study, {}).value(),
                      {sampler, executor, store, pool, observer});
  std::optional<Result<StudyEnd>> end;
  boost::asio::co_spawn(io, scheduler.run(),
                        [&](const std::exception_ptr&, Result<StudyEnd> ended) { end = ended; });
  io.run();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const auto with_store = mallinfo2().uordblks;
  store.trials.clear();
  store.rows.clear();
  const auto bytes = mallinfo2().uordblks - before;
  fmt::print(
      "{:6} trials, parallel {}{}: {:8.0f} trials/s, {:5.1f} us each; {:5.0f} kB in memory "
      "({} with the fake store): {}\n",
      trials, parallel, median ? ", median" : "", static_cast<double>(trials) / wall.count(),
      wall.count() * 1e6 / static_cast<double>(trials), static_cast<double>(bytes) / 1e3,
      (with_store - before) / 1000, (*end)->reason);
}

}  // namespace
}  // namespace hpo

int main() {
  hpo::measure(100, 1, false);  // warms up
  hpo::measure(1'000, 1, false);
  hpo::measure(1'000, 4, false);
  hpo::measure(1'000, 4, true);
  hpo::measure(10'000, 4, false);
}
