// Every suggestion can be shown again: an asynchronous study is run in a random order of events,
// with retries, stops and resumes, and what the sampler saw is compared with study_at of the final
// study.

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <random>

#include "objectives/json.h"
#include "scheduler_rig.h"

namespace hpo {
namespace {

// Every field that a sampler could read; NaN is equal to itself here.
std::string text(const Trial& trial) {
  std::string metrics;
  for (const auto& [name, value] : trial.metrics) metrics += fmt::format(" {}={}", name, value);
  const auto time = [](const auto& at) { return at ? to_iso8601(*at) : "-"; };
  return fmt::format(
      "{} {} seed={} {} metrics:{} value={} failure={} '{}' {} seen={} {} budget={} continues={} "
      "created={} finished={} attempt={} retries={} job='{}' on '{}' '{}' {} {}",
      trial.number, canonical_key(trial.configuration), trial.seed, to_string(trial.state), metrics,
      trial.value.value_or(-1), trial.failure ? to_string(*trial.failure) : "-", trial.reason,
      trial.sampler, trial.seen, trial.model, trial.budget.value_or(-1),
      trial.continues.value_or(-1), trial.created_event, trial.finished_event, trial.attempt,
      trial.retries, trial.job, trial.resource, trial.artifact, time(trial.started_at),
      time(trial.finished_at));
}

class SchedulerReplayTest : public SchedulerRig, public testing::WithParamInterface<unsigned> {
 protected:
  void one_random_event(std::mt19937_64& random) {
    const auto running = executor.running();
    auto chosen = running.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(random() % running.size()));
    const std::int64_t number = *chosen;
    switch (random() % 8) {
      case 0:
        return executor.fail(number, FailureClass::lost);
      case 1:
        return executor.fail(number, FailureClass::exit_code);
      case 2:
        executor.report(number, 99, 1.5);
        return executor.end(number, {.state = TrialState::pruned});
      case 3:
        return executor.complete(number, std::nan(""));
      case 4:
        executor.report(number, 99, static_cast<double>(random() % 100));
        return executor.end(number, {.artifact = "/elsewhere/model"});
      case 5:
        return scheduler->interrupt(Interrupt::stop);
      default:
        executor.report(number, static_cast<std::int64_t>(random() % 50), 1.0);
    }
  }

  void expect_shown_again(const Study& final_study) {
    for (const auto& seen : sampler.shown) {
      const auto number = seen.trials.size();
      if (number >= final_study.trials.size()) continue;
      const auto& trial = *final_study.trials[number];
      if (seen.last_event != trial.seen) continue;  // a suggestion that came too late to be used
      ++compared;
      const Study again = study_at(final_study, trial.seen);
      EXPECT_EQ(again.spec, seen.spec);
      EXPECT_EQ(again.last_event, seen.last_event);
      ASSERT_EQ(again.trials.size(), seen.trials.size());
      for (std::size_t i = 0; i < number; ++i) {
        EXPECT_EQ(text(*again.trials[i]), text(*seen.trials[i]))
            << "trial " << i << " as " << number << " saw";
      }
    }
  }

  std::size_t compared = 0;
};

TEST_P(SchedulerReplayTest, ShowsAgainWhatTheSamplerSaw) {
  std::mt19937_64 random(GetParam());
  config.limits = {.trials = 40, .parallel = 3};
  config.trial.retries = 2;
  start();
  int runs = 1;
  while (true) {
    until([&] { return result.has_value() || !executor.running().empty(); }, "there is an event");
    if (HasFatalFailure()) return;
    if (result) {
      if ((*result)->reason == "40 trials finished") break;
      ++runs;
      start();
      continue;
    }
    one_random_event(random);
    io.poll();
  }
  EXPECT_GT(runs, 1);
  expect_shown_again(store.open(config.study, {}).value().study);
  EXPECT_GE(compared, 40U);
}

INSTANTIATE_TEST_SUITE_P(Orders, SchedulerReplayTest, testing::Values(1, 2, 3, 4, 5, 6, 7, 8));

}  // namespace
}  // namespace hpo
