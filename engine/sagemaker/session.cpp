#include "engine/sagemaker/session.h"

#include <fmt/format.h>

#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "engine/aws/pause.h"
#include "engine/sagemaker/names.h"
#include "objectives/json.h"

namespace hpo::sagemaker {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr double kMinute_s = 60;
/// From so many jobs on they are looked at half as often.
constexpr std::size_t kManyJobs = 30;

/// Sets a flag for as long as it lives.
class Busy {
 public:
  explicit Busy(bool& flag) : flag_(flag) { flag_ = true; }
  ~Busy() { flag_ = false; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  bool& flag_;
};

std::string text_of(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace

Session::Session(const asio::any_io_executor& executor, const aws::Settings& settings,
                 const TuningConfig& config, const StudySpec& study, Memory& memory,
                 StudyLease& lease)
    : config_(config),
      study_(study),
      memory_(memory),
      lease_(lease),
      pace_(aws::retry_options(settings).pace),
      client_(executor, settings, aws::retry_options(settings)),
      s3_(client_),
      random_(std::random_device()()),
      next_minute_s_(aws::steady_s() + kMinute_s * pace_) {}

asio::awaitable<aws::Answer> Session::call(const std::string& operation, json body) {
  aws::Call call = aws::json_call(aws::Service::sagemaker, operation, body.dump());
  aws::Answer answer = co_await client_.send(call);
  note_answer(answer);
  co_return answer;
}

asio::awaitable<aws::Answer> Session::call_logs(const std::string& operation, json body) {
  aws::Call call = aws::json_call(aws::Service::logs, operation, body.dump());
  co_return co_await client_.send(call);
}

double Session::poll_s() {
  const bool are_many = memory_.live.size() > kManyJobs;
  std::uniform_real_distribution<double> jitter(are_many ? 20 : 10, are_many ? 30 : 15);
  return jitter(random_) * pace_;
}

double Session::retry_s() {
  std::uniform_real_distribution<double> jitter(15, 30);
  return jitter(random_) * pace_;
}

void Session::note_answer(const aws::Answer& answer) {
  const bool is_away = answer.failure && aws::is_outage(*answer.failure);
  if (is_away == memory_.is_away) return;
  if (!is_away && answer.failure && aws::is_throttling(*answer.failure)) return;
  memory_.is_away = is_away;
  if (is_away) {
    notice("waiting for AWS: " + aws::to_error(*answer.failure).message +
           "; jobs go on, and the study does when it answers");
  } else {
    notice("AWS answers again");
  }
}

void Session::note_cost() {
  const auto most = config_.sagemaker->max_cost;
  if (!most) return;
  const int tenths = static_cast<int>(10 * memory_.cost.spent() / *most);
  if (tenths <= memory_.told_tenths) return;
  memory_.told_tenths = tenths;
  notice(fmt::format("{:.2f} of max_cost {:g} spent", memory_.cost.spent(), *most));
}

asio::awaitable<Result<void>> Session::do_minutely() {
  if (is_busy_ || aws::steady_s() < next_minute_s_) co_return Result<void>();
  const Busy busy(is_busy_);
  next_minute_s_ = aws::steady_s() + kMinute_s * pace_;
  const auto renewed = co_await lease_.renew(s3_);
  if (!renewed) co_return renewed;
  co_await stop_strays();
  co_return Result<void>();
}

// Jobs that were created, but whose trial's record was lost: nobody would ever stop them.
asio::awaitable<void> Session::stop_strays() {
  const std::string prefix = study_key(study_) + "-";
  json query = {{"NameContains", prefix},
                {"StatusEquals", "InProgress"},
                {"SortBy", "CreationTime"},
                {"SortOrder", "Descending"},
                {"MaxResults", 100}};
  for (;;) {
    const aws::Answer answer = co_await call("ListTrainingJobs", query);
    if (!answer) co_return;
    const auto page = parse_json(answer.response.body);
    if (!page || !page->is_object()) co_return;
    const json jobs = page->value("TrainingJobSummaries", json::array());
    for (const auto& job : jobs) {
      const std::string name = text_of(job, "TrainingJobName");
      if (!name.starts_with(prefix) || memory_.live.contains(name)) continue;
      std::string arn = text_of(job, "TrainingJobArn");
      const Ownership ours = co_await is_ours(std::move(arn));
      if (!ours || memory_.live.contains(name)) continue;
      json stop = {{"TrainingJobName", name}};
      const aws::Answer stopped = co_await call("StopTrainingJob", std::move(stop));
      if (stopped) notice(fmt::format("stopped training job {}, which no trial knows", name));
    }
    // With a status asked for, a page may be empty though others follow.
    const std::string token = text_of(*page, "NextToken");
    if (token.empty()) co_return;
    query["NextToken"] = token;
  }
}

asio::awaitable<Session::Ownership> Session::is_ours(std::string arn) {
  json query = {{"ResourceArn", std::move(arn)}};
  const aws::Answer answer = co_await call("ListTags", std::move(query));
  if (!answer) co_return Ownership{.failure = *answer.failure};
  const auto tags = parse_json(answer.response.body);
  if (!tags || !tags->is_object()) co_return Ownership{};
  const json list = tags->value("Tags", json::array());
  for (const auto& tag : list) {
    if (text_of(tag, "Key") != kStudyIdTag) continue;
    co_return Ownership{.is_ours = text_of(tag, "Value") == study_.id};
  }
  co_return Ownership{};
}

}  // namespace hpo::sagemaker
