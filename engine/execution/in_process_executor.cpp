#include "engine/execution/in_process_executor.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>

#include "engine/execution/attempt_end.h"
#include "engine/execution/enrolled.h"
#include "engine/trial_arguments.h"

namespace hpo::execution {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

/// One evaluation while it waits or runs.
struct Evaluation {
  bool is_cancelled = false;
  bool is_pruned = false;
};

class InProcessExecutor final : public Executor {
 public:
  InProcessExecutor(std::unique_ptr<Objective> objective, TrialSpec trial, const StudySpec& study)
      : objective_(std::move(objective)), trial_(std::move(trial)) {
    if (!study.objectives.empty()) metric_ = study.objectives[0].metric;
  }

  asio::awaitable<TrialOutcome> run(Trial trial, Resources /*resources*/,
                                    ReportFn report) override {
    Evaluation evaluation;
    const Enrolled<Evaluation> enrolled(running_, evaluation);
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);  // others have their turn
    if (evaluation.is_cancelled) co_return stopped_outcome();
    co_return evaluate(trial, report, evaluation);
  }

  [[nodiscard]] bool can_adopt(const Trial& /*trial*/) override { return false; }

  void cancel_all(CancelReason /*reason*/) override {
    for (Evaluation* evaluation : *running_) evaluation->is_cancelled = true;
  }

 private:
  [[nodiscard]] TrialOutcome evaluate(const Trial& trial, const ReportFn& report,
                                      Evaluation& evaluation) const {
    const auto started = Clock::now();
    const auto deliver = [&](Measurement measurement) {
      measurement.attempt = trial.attempt;
      measurement.elapsed_s = std::chrono::duration<double>(Clock::now() - started).count();
      return report(renamed(std::move(measurement)));
    };
    ObjectiveContext context{.seed = trial.seed};
    context.report = [&](const Measurement& measurement) {
      if (evaluation.is_cancelled || evaluation.is_pruned) return false;
      evaluation.is_pruned = deliver(measurement) == ReportDecision::stop;
      return !evaluation.is_pruned && !evaluation.is_cancelled;
    };
    auto value = evaluated(trial, context);
    if (evaluation.is_pruned) return {.state = TrialState::pruned, .reason = "stopped early"};
    if (evaluation.is_cancelled) return stopped_outcome();
    if (!value) return start_failure(value.error().message);
    deliver(*std::move(value));
    return {.state = TrialState::complete};
  }

  /// A function of the library's user may throw; the trial fails then, not the study.
  [[nodiscard]] Result<Measurement> evaluated(const Trial& trial,
                                              const ObjectiveContext& context) const {
    try {
      return objective_->evaluate(trial_hyperparameters(trial_, trial.configuration), context);
    } catch (const std::exception& exception) {
      return Error{.message = exception.what()};
    }
  }

  [[nodiscard]] Measurement renamed(Measurement measurement) const {
    auto value = measurement.metrics.extract("value");
    if (!value.empty() && !metric_.empty()) value.key() = metric_;
    if (!value.empty()) measurement.metrics.insert(std::move(value));
    return measurement;
  }

  std::unique_ptr<Objective> objective_;
  TrialSpec trial_;
  std::string metric_ = {};
  std::shared_ptr<Running<Evaluation>> running_ = std::make_shared<Running<Evaluation>>();
};

}  // namespace

std::unique_ptr<Executor> make_in_process_executor(std::unique_ptr<Objective> objective,
                                                   const TrialSpec& trial, const StudySpec& study) {
  return std::make_unique<InProcessExecutor>(std::move(objective), trial, study);
}

}  // namespace hpo::execution
