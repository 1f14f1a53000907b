// Hyperband in the scheduler: trials pause, are promoted, and survive the engine.

#include <nlohmann/json.hpp>

#include "tests/engine/scheduling/scheduler_rig.h"

namespace hpo {
namespace {

class SchedulerHyperband : public SchedulerRig {
 protected:
  SchedulerHyperband() {
    config.study.space.parameters = {{.name = "x", .domain = FloatParameter{}}};
    config.strategy.name = "hyperband";
    config.strategy.budget = {.parameter = "epochs", .max = 4};
    config.limits.trials = 4;
    hyperband = *make_sampler("hyperband",
                              {{"sampler", "random"},
                               {"budget", {{"parameter", "epochs"}, {"min", 1}, {"max", 4}}},
                               {"eta", 2},
                               {"brackets", 1}},
                              config.study.space);
  }

  void start_hyperband() {
    scheduler.reset();
    result.reset();
    io.restart();
    scheduler = std::make_unique<Scheduler>(
        config, store.open(config.study, {}).value(),
        Scheduler::Parts{*hyperband, executor, store, *pool, observer, &clock});
    boost::asio::co_spawn(io, scheduler->run(),
                          [this](const std::exception_ptr& thrown, Result<StudyEnd> end) {
                            EXPECT_FALSE(thrown);
                            result = std::move(end);
                          });
  }

  /// What is stored is all that is left: trials that run there, and nothing of them.
  void lose_engine() {
    auto survivors = store.trials;
    scheduler->interrupt(Interrupt::stop);
    until_end();
    store.trials = std::move(survivors);
  }

  std::unique_ptr<Sampler> hyperband = {};
};

TEST_F(SchedulerHyperband, PausesPromotesAndEndsWhenNoneIsLeftToPromote) {
  start_hyperband();
  until_running({0, 1});
  EXPECT_EQ(executor.configuration(0).at("epochs"), ParameterValue(std::int64_t{1}));
  executor.complete(0, 0.5);
  until_running({1, 2});
  EXPECT_EQ(stored(0).state, TrialState::paused);
  EXPECT_FALSE(stored(0).configuration.contains("epochs"));
  executor.complete(1, 0.3);  // the better of two on the lowest rung
  until_running({2, 3});
  EXPECT_EQ(stored(3).continues, 1);
  EXPECT_EQ(stored(3).budget, 2);
  EXPECT_EQ(stored(3).configuration, stored(1).configuration);
  EXPECT_EQ(executor.configuration(3).at("epochs"), ParameterValue(std::int64_t{2}));
  executor.complete(2, 0.4);
  until_running({3, 4});
  executor.complete(4, 0.2);  // the fourth configuration
  until_running({3, 5});      // goes on at once
  executor.complete(3, 0.25);
  until_running({5});  // no fifth configuration
  executor.complete(5, 0.1);
  until_running({6});
  EXPECT_EQ(stored(6).budget, 4);
  EXPECT_EQ(stored(6).continues, 5);
  executor.complete(6, 0.05);
  const StudyEnd end = until_end();
  EXPECT_EQ(end.reason, "4 configurations tried, none is left to promote");
  EXPECT_TRUE(end.finished);
  EXPECT_EQ(stored(6).state, TrialState::complete);
  EXPECT_EQ(scheduler->study().best_trial()->number, 6);
  EXPECT_EQ(scheduler->study().count(TrialState::paused), 6);
}

TEST_F(SchedulerHyperband, GoesOnAfterItsEngineWasKilledAtAnyPlace) {
  config.limits.parallel = 1;
  start_hyperband();
  until_running({0});
  executor.complete(0, 0.5);
  until_running({1});
  lose_engine();
  start_hyperband();
  until_running({1});
  executor.complete(1, 0.3);
  until_running({2});
  EXPECT_EQ(stored(2).continues, 1);
  lose_engine();
  start_hyperband();
  until_running({2});  // the promotion itself, not a second one
  EXPECT_EQ(executor.configuration(2).at("epochs"), ParameterValue(std::int64_t{2}));
  executor.complete(2, 0.2);
  until_running({3});
  EXPECT_FALSE(stored(3).continues.has_value());
  scheduler->interrupt(Interrupt::stop);
  EXPECT_EQ(until_end().reason, "interrupted");
}

TEST_F(SchedulerHyperband, CountsWhatThePausedTrialReportedAsTheTrialsOwn) {
  config.study.objectives[0].value = ValueRule::best;
  config.limits.parallel = 1;
  start_hyperband();
  until_running({0});
  executor.complete(0, 0.5);
  until_running({1});
  executor.complete(1, 0.1);
  until_running({2});
  executor.report(2, 1, 0.3);
  executor.end(2);
  until_running({3});
  EXPECT_EQ(stored(2).continues, 1);
  EXPECT_EQ(stored(2).value, 0.1);
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

TEST_F(SchedulerHyperband, AFailedTrialIsPromotedByNobodyAndCountsOnItsRung) {
  config.limits.parallel = 1;
  start_hyperband();
  until_running({0});
  executor.fail(0, FailureClass::exit_code, "1");
  until_running({1});
  executor.complete(1, 0.3);
  until_running({2});
  EXPECT_EQ(stored(2).continues, 1);
  executor.fail(2, FailureClass::oom, "killed");
  until_running({3});
  EXPECT_FALSE(stored(3).continues.has_value());
  executor.complete(3, 0.4);
  until_running({4});
  EXPECT_FALSE(stored(4).continues.has_value());  // the second of three is not the best half
  executor.complete(4, 0.5);
  until_running({5});  // two of four may go on now
  EXPECT_EQ(stored(5).continues, 3);
  scheduler->interrupt(Interrupt::stop);
  until_end();
}

}  // namespace
}  // namespace hpo
