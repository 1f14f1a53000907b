#pragma once

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "engine/executor.h"

namespace hpo {

/// Trials run until the test finishes them.
class ManualExecutor final : public Executor {
 public:
  std::set<std::int64_t> adoptable = {};  ///< trials that an earlier engine left running
  std::set<std::int64_t> lost = {};       ///< trials whose recorded attempt has left nothing
  bool obeys = true;                      ///< cancelled trials end at once, to be resumed
  std::vector<std::pair<std::int64_t, int>> started = {};  ///< (number, attempt), in order
  std::vector<CancelReason> cancelled = {};
  std::size_t most_at_once = 0;

  boost::asio::awaitable<TrialOutcome> run(Trial trial, Resources resources,
                                           ReportFn report) override {
    namespace asio = boost::asio;
    const std::int64_t number = trial.number;
    if (lost.erase(number) > 0) {
      co_return TrialOutcome{
          .state = TrialState::failed, .failure = FailureClass::lost, .reason = "nothing left"};
    }
    asio::steady_timer done(co_await asio::this_coro::executor,
                            asio::steady_timer::time_point::max());
    started.emplace_back(number, trial.attempt);
    Attempt attempt{.trial = std::move(trial),
                    .resources = std::move(resources),
                    .report = std::move(report),
                    .done = &done};
    running_.emplace(number, &attempt);
    most_at_once = std::max(most_at_once, running_.size());
    boost::system::error_code woken;
    co_await done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    running_.erase(number);
    co_return attempt.outcome;
  }

  bool can_adopt(const Trial& trial) override { return adoptable.contains(trial.number); }

  void cancel_all(CancelReason reason) override {
    cancelled.push_back(reason);
    if (!obeys) return;
    for (const auto& [number, attempt] : running_) end(number, {.state = TrialState::waiting});
  }

  [[nodiscard]] std::set<std::int64_t> running() const {
    std::set<std::int64_t> numbers;
    for (const auto& [number, attempt] : running_) numbers.insert(number);
    return numbers;
  }

  [[nodiscard]] const Resources& resources(std::int64_t number) const {
    return running_.at(number)->resources;
  }

  /// As the running attempt was given it.
  [[nodiscard]] const Configuration& configuration(std::int64_t number) const {
    return running_.at(number)->trial.configuration;
  }

  ReportDecision report(std::int64_t number, std::int64_t step, double value,
                        const std::string& metric = "loss") {
    Measurement measurement{.step = step, .metrics = {{metric, value}}, .elapsed_s = 1};
    return running_.at(number)->report(measurement);
  }

  void end(std::int64_t number, TrialOutcome outcome = {}) {
    Attempt& attempt = *running_.at(number);
    attempt.outcome = std::move(outcome);
    attempt.done->cancel();
  }

  /// Reports the value once and completes.
  void complete(std::int64_t number, double value) {
    report(number, 0, value);
    end(number);
  }

  void fail(std::int64_t number, FailureClass failure, std::string reason = {}) {
    end(number, {.state = TrialState::failed, .failure = failure, .reason = std::move(reason)});
  }

 private:
  struct Attempt {
    Trial trial = {};
    Resources resources = {};
    ReportFn report = {};
    boost::asio::steady_timer* done = nullptr;
    TrialOutcome outcome = {};
  };
  std::map<std::int64_t, Attempt*> running_ = {};
};

}  // namespace hpo
