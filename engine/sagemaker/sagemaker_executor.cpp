#include "engine/sagemaker/sagemaker_executor.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/execution/enrolled.h"
#include "engine/execution/files.h"
#include "engine/execution/trial_inputs.h"
#include "engine/sagemaker/names.h"
#include "engine/sagemaker/preparation.h"
#include "engine/sagemaker/training_job.h"

namespace hpo::sagemaker {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

class SageMakerExecutor final : public Executor {
 public:
  SageMakerExecutor(const ExecutorOptions& options, aws::Settings settings, MetricReader reader)
      : config_(options.config),
        study_(options.study),
        folder_(options.folder),
        is_detached_(options.detach),
        settings_(std::move(settings)),
        reader_(std::move(reader)),
        memory_(config_),
        lease_(*config_.sagemaker, study_, folder_) {}

  ~SageMakerExecutor() override {
    if (is_prepared_) release(settings_, lease_);
  }
  SageMakerExecutor(const SageMakerExecutor&) = delete;
  SageMakerExecutor& operator=(const SageMakerExecutor&) = delete;

  Result<void> begin() {
    auto channels = prepare(settings_, config_, folder_, lease_, memory_.cost);
    if (!channels) return channels.error();
    is_prepared_ = true;
    channels_ = *std::move(channels);
    return {};
  }

  asio::awaitable<TrialOutcome> run(Trial trial, Resources /*resources*/,
                                    ReportFn report) override {
    const auto executor = co_await asio::this_coro::executor;
    const TrialDirectory directory = trial_directory(folder_, trial.number);
    if (auto made = execution::make_folder(directory.root); !made) {
      co_return TrialOutcome{.state = TrialState::failed,
                             .failure = FailureClass::start,
                             .reason = made.error().message};
    }
    AttemptFacts facts{.trial = trial,
                       .directory = directory,
                       .owner = execution::attempt_owner(study_, trial),
                       .checkpoints = checkpoints_of(trial),
                       .channels = channels_};
    TrainingJob job(executor, session(executor), std::move(facts), reader_, std::move(report));
    const execution::Enrolled<TrainingJob> enrolled(running_, job);
    // Asio of Boost 1.81 throws past the spawner's handler where a coroutine is cancelled before it
    // was suspended once, as a report may do.
    co_await asio::post(executor, asio::use_awaitable);
    co_return co_await job.run();
  }

  [[nodiscard]] bool can_adopt(const Trial& trial) override {
    const auto note = read_note(trial_directory(folder_, trial.number), trial.attempt);
    return note && note->owner == execution::attempt_owner(study_, trial);
  }

  void cancel_all(CancelReason reason) override {
    using Stop = TrainingJob::Stop;
    const Stop stop = reason == CancelReason::kill ? Stop::kill : Stop::resume;
    const auto now = *running_;
    for (TrainingJob* job : now) job->stop(is_detached_ ? Stop::leave : stop);
  }

  void tell(NoticeFn notice) override { memory_.notice = std::move(notice); }

 private:
  /// All jobs that are watched share one, and the last of them takes it along: nothing of Asio is
  /// left between runs, so the executor may outlive its io_context.
  std::shared_ptr<Session> session(const asio::any_io_executor& executor) {
    auto session = session_.lock();
    if (!session) {
      session = std::make_shared<Session>(executor, settings_, config_, study_, memory_, lease_);
    }
    session_ = session;
    return session;
  }

  /// Where a trial's checkpoints lie; one that continues another goes on from that one's.
  [[nodiscard]] std::string checkpoints_of(const Trial& trial) const {
    if (trial.continues) {
      const TrialDirectory before = trial_directory(folder_, *trial.continues);
      for (int attempt = 1; fs::exists(note_file(before, attempt)); ++attempt) {
        const auto note = read_note(before, attempt);
        if (note && !note->checkpoints.empty()) return note->checkpoints;
      }
    }
    return checkpoints_uri(*config_.sagemaker, study_, trial.number).text();
  }

  TuningConfig config_;
  StudySpec study_;
  fs::path folder_;
  bool is_detached_;
  aws::Settings settings_;
  MetricReader reader_;  ///< the one that attempts copy
  Memory memory_;
  StudyLease lease_;
  Channels channels_ = {};
  bool is_prepared_ = false;
  std::shared_ptr<execution::Running<TrainingJob>> running_ =
      std::make_shared<execution::Running<TrainingJob>>();
  std::weak_ptr<Session> session_ = {};
};

}  // namespace

Result<std::unique_ptr<Executor>> make_sagemaker_executor(const ExecutorOptions& options) {
  auto reader = MetricReader::make(options.config.trial.metrics);
  if (!reader) return reader.error();
  auto settings = settings_for(*options.config.sagemaker);
  if (!settings) return settings.error();
  auto executor =
      std::make_unique<SageMakerExecutor>(options, *std::move(settings), *std::move(reader));
  if (auto begun = executor->begin(); !begun) return begun.error();
  return std::unique_ptr<Executor>(std::move(executor));
}

}  // namespace hpo::sagemaker
