#include "engine/sagemaker/training_job.h"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/aws/pause.h"
#include "engine/execution/attempt_end.h"
#include "engine/sagemaker/job_end.h"
#include "engine/sagemaker/names.h"
#include "engine/sagemaker/request.h"

namespace hpo::sagemaker {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

/// After a job's end its last lines are still on their way for some seconds, rarely a minute.
constexpr int kMostLooks = 6;

/// The attempt waits, and no trial can run: the study stops.
TrialOutcome fault(Error error) {
  TrialOutcome outcome = execution::stopped_outcome();
  outcome.reason = error.message;
  outcome.fault = std::move(error);
  return outcome;
}

}  // namespace

TrainingJob::TrainingJob(const asio::any_io_executor& executor, std::shared_ptr<Session> session,
                         AttemptFacts facts, MetricReader reader, ReportFn report)
    : session_(std::move(session)),
      facts_(std::move(facts)),
      name_(job_name(session_->study(), facts_.trial.number, facts_.trial.attempt)),
      report_(std::move(report)),
      wake_(executor),
      log_(*session_, name_, facts_.directory.log(facts_.trial.attempt), facts_.trial.attempt,
           std::move(reader)) {
  session_->memory().live.insert(name_);
}

// A job that was left running is no stray, however long the others are watched.
TrainingJob::~TrainingJob() {
  if (!is_left_) session_->memory().live.erase(name_);
}

TrialOutcome TrainingJob::left(std::optional<Error> error) {
  is_left_ = true;
  return {.state = TrialState::running, .reason = "left running", .fault = std::move(error)};
}

void TrainingJob::stop(Stop reason) {
  if (stop_ == Stop::pruned && reason == Stop::resume) return;
  stop_ = reason;
  wake_.cancel();
}

asio::awaitable<TrialOutcome> TrainingJob::run() {
  if (log_.error() != 0) {
    co_return execution::start_failure(
        fmt::format("cannot write {}", facts_.directory.log(facts_.trial.attempt).string()));
  }
  if (auto ending = co_await begin()) co_return *std::move(ending);
  co_return co_await watch();
}

asio::awaitable<void> TrainingJob::pause(double seconds) {
  wake_.expires_after(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds)));
  boost::system::error_code ignored;  // woken, or the time is over
  co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

// The note tells an attempt that may have a job from one that never was sent.
asio::awaitable<TrainingJob::Ending> TrainingJob::begin() {
  auto note = read_note(facts_.directory, facts_.trial.attempt);
  if (note && note->owner == facts_.owner) {
    note_ = *std::move(note);
    auto ending = co_await describe();
    if (ending && ending->failure != FailureClass::lost) co_return ending;
    if (!ending) co_return co_await adopt();
    if (!note_.instance_type.empty()) co_return ending;  // it was created, and is gone
  }
  note_ = {.job = name_,
           .owner = facts_.owner,
           .checkpoints = facts_.checkpoints,
           .instances = static_cast<double>(session_->config().sagemaker->instance_count)};
  if (auto written = write_note(facts_.directory, facts_.trial.attempt, note_); !written) {
    co_return execution::start_failure(written.error().message);
  }
  co_return co_await create();
}

asio::awaitable<TrainingJob::Ending> TrainingJob::create() {
  for (;;) {
    if (stop_ != Stop::none) co_return execution::stopped_outcome();
    const std::string type = session_->memory().placement.choose(aws::steady_s());
    if (auto ending = co_await wait_for_money(type)) co_return ending;
    if (stop_ != Stop::none) co_return execution::stopped_outcome();
    session_->memory().cost.begin(name_, type);
    json request = create_training_job({.config = session_->config(),
                                        .study = session_->study(),
                                        .trial = facts_.trial,
                                        .channels = facts_.channels,
                                        .instance_type = type,
                                        .checkpoints = note_.checkpoints});
    const aws::Answer answer = co_await session_->call("CreateTrainingJob", std::move(request));
    if (answer) co_return begun(type);
    // Another engine's, or ours, whose answer was lost.
    if (answer.failure->is("ResourceInUse")) {
      if (auto ending = co_await describe()) co_return ending;
      co_return co_await adopt();
    }
    session_->memory().cost.end(name_, std::nullopt);
    if (auto ending = co_await refused(*answer.failure, type)) co_return ending;
  }
}

TrainingJob::Ending TrainingJob::begun(const std::string& type) {
  note_.instance_type = type;
  session_->memory().cost.begin(name_, type);
  // Without the note the job is found again by its name.
  const auto written = write_note(facts_.directory, facts_.trial.attempt, note_);
  if (!written) session_->notice(written.error().message);
  return std::nullopt;
}

asio::awaitable<TrainingJob::Ending> TrainingJob::wait_for_money(std::string type) {
  Cost& cost = session_->memory().cost;
  for (;;) {
    const Cost::Answer answer = cost.may_start(type);
    if (answer == Cost::Answer::start || stop_ != Stop::none) co_return std::nullopt;
    const bool is_alone = session_->memory().live.size() <= 1;
    if (answer == Cost::Answer::never || is_alone) {
      TrialOutcome outcome = execution::stopped_outcome();
      outcome.limit = fmt::format(
          "max_cost {:g}: {:.2f} spent, and another job on {} may cost {:.2f}",
          *session_->config().sagemaker->max_cost, cost.spent(), type, cost.most_of(type));
      outcome.reason = *outcome.limit;
      co_return outcome;
    }
    const double wait_s = session_->poll_s();
    co_await pause(wait_s);
  }
}

// Limits and outages are waited out; what no trial can get past stops the study.
asio::awaitable<TrainingJob::Ending> TrainingJob::refused(aws::Failure failure, std::string type) {
  if (failure.is("ResourceLimitExceeded")) {
    if (auto ending = limited(failure, type)) co_return ending;
  } else if (!aws::is_transient(failure)) {
    const bool is_of_this = failure.is("ValidationException") &&
                            failure.message.find("hyperParameters") != std::string::npos;
    const Error error = aws::to_error(failure);
    if (is_of_this) co_return execution::start_failure(error.message);
    co_return fault(error);
  }
  const double wait_s = session_->retry_s();
  co_await pause(wait_s);
  co_return std::nullopt;
}

TrainingJob::Ending TrainingJob::limited(const aws::Failure& failure, const std::string& type) {
  const bool is_zero = failure.message.find("is 0 Instances") != std::string::npos;
  if (is_zero) session_->memory().placement.is_never_granted(type);
  if (is_zero && session_->memory().placement.choose(aws::steady_s()).empty()) {
    return fault(aws::to_error(failure));
  }
  if (!std::exchange(is_limited_, true)) {
    session_->notice(
        fmt::format("trial {} waits for a machine: {}", facts_.trial.number, failure.message));
  }
  return std::nullopt;
}

// Describe has just answered. A job of that name with other tags or hyperparameters is another's.
asio::awaitable<TrainingJob::Ending> TrainingJob::adopt() {
  const auto expected = hyperparameters_of(session_->config(), facts_.trial);
  const auto ours = co_await session_->is_ours(job_.arn);
  if (!ours && aws::is_transient(ours.failure)) co_return left();
  if (!ours && !ours.failure.code.empty()) co_return left(aws::to_error(ours.failure));
  if (!ours || job_.hyperparameters != expected) {
    co_return fault({.code = ErrorCode::held,
                     .message = fmt::format(
                         "training job {} exists, but is not of this study: {}", name_,
                         ours ? "it has other hyperparameters" : "its tags name another one"),
                     .hint = "another engine runs a study of this name and id; name another one "
                             "(--set study=NAME)"});
  }
  co_return begun(job_.instance_type);
}

asio::awaitable<TrialOutcome> TrainingJob::watch() {
  const auto deliver_to = [this](const Measurement& measurement) { deliver(measurement); };
  for (;;) {
    if (stop_ == Stop::leave) co_return left();
    if (auto ending = co_await tell_to_stop()) co_return *std::move(ending);
    if (stop_ == Stop::kill && is_told_) co_return execution::stopped_outcome();
    const double wait_s = session_->poll_s();
    if (!job_.is_over() && !is_unheard()) co_await pause(wait_s);
    if (is_unheard()) continue;
    if (const auto alone = co_await session_->do_minutely(); !alone) co_return left(alone.error());
    if (auto ending = co_await describe()) co_return *std::move(ending);
    co_await log_.fetch(job_, deliver_to);
    if (!job_.is_over()) continue;
    co_await read_rest();
    co_return finish();
  }
}

// Asked until AWS answers. Nothing: job_ is what it said.
asio::awaitable<TrainingJob::Ending> TrainingJob::describe() {
  for (;;) {
    json query = {{"TrainingJobName", name_}};
    const aws::Answer answer = co_await session_->call("DescribeTrainingJob", std::move(query));
    if (answer) {
      auto job = description_from(answer.response.body);
      if (!job) co_return left(job.error());
      job_ = *std::move(job);
      co_return std::nullopt;
    }
    if (aws::is_missing(*answer.failure)) {
      co_return execution::lost_outcome(fmt::format("training job {} does not exist", name_));
    }
    if (!aws::is_transient(*answer.failure)) co_return left(aws::to_error(*answer.failure));
    if (stop_ == Stop::kill || stop_ == Stop::leave) co_return left();
    const double wait_s = session_->retry_s();
    co_await pause(wait_s);
  }
}

asio::awaitable<TrainingJob::Ending> TrainingJob::tell_to_stop() {
  while (stop_ != Stop::none && stop_ != Stop::leave && !is_told_) {
    json query = {{"TrainingJobName", name_}};
    const aws::Answer answer = co_await session_->call("StopTrainingJob", std::move(query));
    const bool is_over =
        !answer && (answer.failure->is("ValidationException") || aws::is_missing(*answer.failure));
    is_told_ = answer || is_over;
    if (is_told_) co_return std::nullopt;
    if (!aws::is_transient(*answer.failure)) co_return left(aws::to_error(*answer.failure));
    // Without AWS it cannot be stopped; the next run finds it.
    if (stop_ == Stop::kill) co_return left();
    const double wait_s = session_->retry_s();
    co_await pause(wait_s);
  }
  co_return std::nullopt;
}

bool TrainingJob::is_unheard() const {
  return stop_ == Stop::leave || (stop_ != Stop::none && !is_told_);
}

bool TrainingJob::lacks_metrics() const {
  const auto& objectives = session_->study().objectives;
  if (objectives.empty() || job_.status != "Completed") return false;
  const std::string& metric = objectives[0].metric;
  const auto seen = log_.last_values().find(metric);
  const auto said = job_.final_metrics.find(metric);
  if (seen == log_.last_values().end()) return true;
  if (said == job_.final_metrics.end()) return false;
  // The service keeps single precision.
  const double distance = std::abs(seen->second - said->second);
  return distance > 1e-6 * std::max(std::abs(seen->second), 1e-30);
}

asio::awaitable<void> TrainingJob::read_rest() {
  const auto deliver_to = [this](const Measurement& measurement) { deliver(measurement); };
  for (int look = 0; look < kMostLooks && session_->memory().has_logs; ++look) {
    const std::size_t lines = co_await log_.fetch(job_, deliver_to);
    if (lines == 0 && !lacks_metrics()) break;
    const double wait_s = lines > 0 ? 0 : session_->poll_s();
    co_await pause(wait_s);
    if (stop_ == Stop::kill || stop_ == Stop::leave) break;
  }
  if (lacks_metrics()) log_.report_final(job_.final_metrics, deliver_to);
}

void TrainingJob::deliver(const Measurement& measurement) {
  if (stop_ != Stop::none) return;
  if (report_(measurement) == ReportDecision::stop) stop(Stop::pruned);
}

TrialOutcome TrainingJob::finish() {
  note_.billable_s = job_.billable_s.value_or(0);
  session_->memory().cost.end(name_, note_.billable_s);
  session_->note_cost();
  const auto written = write_note(facts_.directory, facts_.trial.attempt, note_);
  if (!written) session_->notice(written.error().message);
  const JobEnd end{.job = job_,
                   .was_pruned = stop_ == Stop::pruned && is_told_,
                   .was_stopped = stop_ != Stop::none && stop_ != Stop::pruned,
                   .log = facts_.directory.log(facts_.trial.attempt)};
  TrialOutcome outcome = outcome_of(end);
  if (!job_.reason.empty()) log_.add_line("SageMaker: " + job_.reason);
  outcome.job = name_;
  outcome.resource = name_;
  outcome.unreadable = log_.unreadable();
  if (is_capacity_error(job_)) {
    session_->memory().placement.had_no_capacity(job_.instance_type, aws::steady_s());
    session_->notice(fmt::format("{} had no machine free for trial {}; trying {}",
                                 job_.instance_type, facts_.trial.number,
                                 session_->memory().placement.choose(aws::steady_s())));
  }
  return outcome;
}

}  // namespace hpo::sagemaker
