#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/scheduler.h"
#include "tests/support/fake_pool.h"
#include "tests/support/fake_store.h"
#include "tests/support/manual_clock.h"
#include "tests/support/manual_executor.h"

namespace hpo {

/// Suggests x = seed's last bits and remembers what it was shown. Called on the worker thread; read
/// by the test when nothing is asked.
class ScriptedSampler final : public Sampler {
 public:
  std::optional<std::size_t> configurations = {};  ///< then the space is exhausted
  std::optional<std::size_t> fails_at = {};        ///< the call (from 0) that ends in an error
  std::vector<Study> shown = {};
  std::vector<std::uint64_t> seeds = {};

  Result<Suggestion> suggest(const Study& study, std::uint64_t seed) override {
    if (configurations && study.trials.size() >= *configurations) {
      return Error{.code = ErrorCode::exhausted, .message = "no configuration is left"};
    }
    if (fails_at == shown.size()) {
      return Error{.code = ErrorCode::numerical, .message = "the matrix is not positive definite"};
    }
    shown.push_back(study);
    seeds.push_back(seed);
    return Suggestion{.configuration = {{"x", static_cast<std::int64_t>(seed & 0xFFU)}},
                      .model = R"({"n":)" + std::to_string(study.trials.size()) + "}"};
  }
};

/// Writes what it is told into the journal that it shares with the store.
class JournalObserver final : public SchedulerObserver {
 public:
  std::vector<std::string>* journal = nullptr;
  std::vector<std::string> notices = {};
  std::vector<SlotStatus> slots = {};

  void on_started(const Study&, const Trial& trial) override { note("started", trial.number); }
  void on_report(const Study&, const Trial& trial, const Measurement&) override {
    note("reported", trial.number);
  }
  void on_finished(const Study&, const Trial& trial) override { note("finished", trial.number); }
  void on_slots(const std::vector<SlotStatus>& now) override { slots = now; }
  void on_notice(const std::string& message) override { notices.push_back(message); }

 private:
  void note(const std::string& what, std::int64_t number) {
    journal->push_back(what + " " + std::to_string(number));
  }
};

/// A scheduler among fakes. One rig may run several schedulers after each other on the same store.
class SchedulerRig : public testing::Test {
 protected:
  SchedulerRig() {
    config.study.name = "study";
    config.study.objectives = {{.metric = "loss", .goal = Goal::minimize}};
    config.study.seed = 7;
    config.strategy.name = "scripted";
    config.trial.command = {"train"};
    config.limits.parallel = 2;
    config.storage = testing::TempDir() + "no-such-folder/hpo.db";
    store.journal = &journal;
    observer.journal = &journal;
  }

  /// Starts a run on what the store holds.
  void start() {
    scheduler.reset();
    result.reset();
    io.restart();
    scheduler = std::make_unique<Scheduler>(
        config, store.open(config.study, {}).value(),
        Scheduler::Parts{sampler, executor, store, *pool, observer, &clock});
    boost::asio::co_spawn(io, scheduler->run(),
                          [this](const std::exception_ptr& thrown, Result<StudyEnd> end) {
                            EXPECT_FALSE(thrown);
                            result = std::move(end);
                          });
  }

  /// Lets the engine go on until the condition holds; it never waits for time to pass.
  void until(const std::function<bool()>& condition, const char* what = "condition") {
    while (!condition()) {
      ASSERT_GT(io.run_one_for(std::chrono::seconds(20)), 0U) << "stuck before: " << what;
    }
    io.poll();
  }

  void until_running(const std::set<std::int64_t>& numbers) {
    until([&] { return executor.running() == numbers; }, "these trials run");
    EXPECT_EQ(executor.running(), numbers);
  }

  /// Until run() has come back.
  StudyEnd until_end() {
    until([&] { return result.has_value(); }, "the run ends");
    if (!result || !*result) return {.reason = "error: " + (result ? result->error().message : "")};
    return **result;
  }

  [[nodiscard]] const Trial& stored(std::int64_t number) const { return store.trials.at(number); }

  TuningConfig config = {};
  std::vector<std::string> journal = {};
  FakeStore store = {};
  ManualClock clock = {};
  ManualExecutor executor = {};
  ScriptedSampler sampler = {};
  JournalObserver observer = {};
  std::unique_ptr<FakePool> pool =
      std::make_unique<FakePool>(std::vector<std::string>{"cpu 0", "cpu 1", "cpu 2"}, false);
  std::optional<Result<StudyEnd>> result = {};
  boost::asio::io_context io = {};
  std::unique_ptr<Scheduler> scheduler = {};
};

}  // namespace hpo
