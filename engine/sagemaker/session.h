#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <random>
#include <set>
#include <string>

#include "engine/aws/client.h"
#include "engine/aws/s3.h"
#include "engine/sagemaker/cost.h"
#include "engine/sagemaker/placement.h"
#include "engine/sagemaker/study_lease.h"
#include "engine/tuning_config.h"

namespace hpo::sagemaker {

using NoticeFn = std::function<void(const std::string&)>;

/// What stays known from one session of an executor to its next.
struct Memory {
  explicit Memory(const TuningConfig& config) : cost(config), placement(*config.sagemaker) {}
  Cost cost;
  Placement placement;
  std::set<std::string> live = {};  ///< names of jobs that are watched, or about to be created
  NoticeFn notice = [](const std::string&) {};
  bool is_away = false;  ///< AWS has not answered lately, and the user knows
  int told_tenths = 0;   ///< of max_cost, that the user knows are spent
  bool has_logs = true;  ///< false once the logs turned out to be forbidden
};

/// What the jobs of one run share: the connection to AWS, the rhythm of questions, the search for
/// strays, the study's lease. On the engine's thread.
class Session {
 public:
  Session(const boost::asio::any_io_executor& executor, const aws::Settings& settings,
          const TuningConfig& config, const StudySpec& study, Memory& memory, StudyLease& lease);

  boost::asio::awaitable<aws::Answer> call(const std::string& operation, nlohmann::json body);
  boost::asio::awaitable<aws::Answer> call_logs(const std::string& operation, nlohmann::json body);

  /// Seconds until a job is looked at again: at least 10, above 30 jobs 20 to 30, at random so that
  /// they do not come together.
  double poll_s();
  /// Seconds until a job that met a limit is tried again.
  double retry_s();

  /// Says once that AWS is away, and once that it is back.
  void note_answer(const aws::Answer& answer);
  void notice(const std::string& message) { memory_.notice(message); }
  /// Says with each tenth of max_cost what has been spent.
  void note_cost();

  /// What is done once a minute, by whichever job comes first: jobs of this study that nobody
  /// watches are stopped, and the lease is renewed. Error: held, by another engine.
  boost::asio::awaitable<Result<void>> do_minutely();

  /// Whether a job's tags name this study.
  struct Ownership {
    bool is_ours = false;
    aws::Failure failure = {};  ///< nobody knows: AWS did not say
    explicit operator bool() const { return is_ours; }
  };
  boost::asio::awaitable<Ownership> is_ours(std::string arn);

  [[nodiscard]] Memory& memory() { return memory_; }
  [[nodiscard]] const TuningConfig& config() const { return config_; }
  [[nodiscard]] const StudySpec& study() const { return study_; }

 private:
  boost::asio::awaitable<void> stop_strays();

  const TuningConfig& config_;
  const StudySpec& study_;
  Memory& memory_;
  StudyLease& lease_;
  double pace_;
  aws::Client client_;
  aws::S3 s3_;
  std::mt19937_64 random_;
  double next_minute_s_;
  bool is_busy_ = false;
};

}  // namespace hpo::sagemaker
