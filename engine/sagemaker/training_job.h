#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "engine/executor.h"
#include "engine/sagemaker/description.h"
#include "engine/sagemaker/job_log.h"
#include "engine/sagemaker/job_note.h"
#include "engine/sagemaker/session.h"
#include "engine/trial_directory.h"

namespace hpo::sagemaker {

/// What an attempt is made of, besides the session.
struct AttemptFacts {
  Trial trial = {};
  TrialDirectory directory = {};
  std::string owner = {};        ///< execution::attempt_owner
  std::string checkpoints = {};  ///< s3://…
  std::map<std::string, std::string> channels = {};
};

/// One attempt as a training job: creates or adopts it, watches it, stops it.
class TrainingJob {
 public:
  TrainingJob(const boost::asio::any_io_executor& executor, std::shared_ptr<Session> session,
              AttemptFacts facts, MetricReader reader, ReportFn report);
  ~TrainingJob();
  TrainingJob(const TrainingJob&) = delete;
  TrainingJob& operator=(const TrainingJob&) = delete;

  boost::asio::awaitable<TrialOutcome> run();

  enum class Stop { none, pruned, resume, kill, leave };
  /// Ends it: stops the job and waits for its end (resume), does not wait (kill), or leaves it
  /// running for the next engine.
  void stop(Stop reason);

 private:
  using Ending = std::optional<TrialOutcome>;

  boost::asio::awaitable<Ending> begin();
  boost::asio::awaitable<Ending> create();
  boost::asio::awaitable<Ending> refused(aws::Failure failure, std::string type);
  boost::asio::awaitable<Ending> adopt();
  boost::asio::awaitable<Ending> wait_for_money(std::string type);
  boost::asio::awaitable<TrialOutcome> watch();
  boost::asio::awaitable<Ending> describe();
  boost::asio::awaitable<Ending> tell_to_stop();
  boost::asio::awaitable<void> read_rest();
  boost::asio::awaitable<void> pause(double seconds);
  [[nodiscard]] Ending limited(const aws::Failure& failure, const std::string& type);
  [[nodiscard]] Ending begun(const std::string& type);
  /// Asked to end, but not yet acted upon.
  [[nodiscard]] bool is_unheard() const;
  /// The log lacks an objective that the service has seen, or has another last value.
  [[nodiscard]] bool lacks_metrics() const;
  void deliver(const Measurement& measurement);
  /// The job goes on without this engine.
  TrialOutcome left(std::optional<Error> error = {});
  TrialOutcome finish();

  std::shared_ptr<Session> session_;
  AttemptFacts facts_;
  std::string name_;
  ReportFn report_;
  boost::asio::steady_timer wake_;  ///< cancelled to wake the coroutine
  JobLog log_;
  JobNote note_ = {};
  JobDescription job_ = {};
  Stop stop_ = Stop::none;
  bool is_told_ = false;     ///< StopTrainingJob was accepted, or there is nothing to stop
  bool is_left_ = false;     ///< it goes on without this engine
  bool is_limited_ = false;  ///< the user knows that a limit makes it wait
};

}  // namespace hpo::sagemaker
