#include "engine/sagemaker/preparation.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <nlohmann/json.hpp>

#include "engine/aws/s3_folder.h"
#include "engine/sagemaker/description.h"
#include "engine/sagemaker/names.h"

namespace hpo::sagemaker {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using nlohmann::json;

/// Name → local folder or s3:// address.
std::map<std::string, fs::path> sources_of(const TuningConfig& config) {
  std::map<std::string, fs::path> sources(config.trial.channels.begin(),
                                          config.trial.channels.end());
  if (!config.trial.source.empty()) sources["code"] = config.trial.source;
  return sources;
}

bool is_remote(const fs::path& source) { return source.string().starts_with("s3://"); }

asio::awaitable<Result<Channels>> upload(aws::S3& s3, const TuningConfig& config) {
  Channels channels;
  const auto sources = sources_of(config);
  for (const auto& [name, source] : sources) {
    if (is_remote(source)) {
      channels[name] = source.string();
      continue;
    }
    fs::path folder = source;
    aws::S3Uri base = channels_uri(*config.sagemaker);
    const auto uri = co_await aws::upload_folder(s3, std::move(folder), std::move(base));
    if (!uri) co_return uri.error();
    channels[name] = uri->text();
  }
  co_return channels;
}

/// Jobs whose end no engine saw, because it was killed or told not to wait.
asio::awaitable<void> learn_ends(aws::Client& client, std::vector<JobNote>& notes) {
  for (auto& note : notes) {
    if (note.billable_s || note.instance_type.empty()) continue;
    const json query = {{"TrainingJobName", note.job}};
    aws::Call call = aws::json_call(aws::Service::sagemaker, "DescribeTrainingJob", query.dump());
    const aws::Answer answer = co_await client.send(call);
    if (!answer && aws::is_missing(*answer.failure)) note.billable_s = 0;
    if (!answer) continue;
    const auto job = description_from(answer.response.body);
    if (job && job->is_over()) note.billable_s = job->billable_s.value_or(0);
  }
}

struct Work {
  const TuningConfig& config;
  const fs::path& folder;
  StudyLease& lease;
  Cost& cost;
  aws::Client client;
  aws::S3 s3{client};
  Result<Channels> channels = Channels{};
};

asio::awaitable<void> carry_out(Work& work) {
  const auto leased = co_await work.lease.acquire(work.s3);
  if (!leased) {
    work.channels = leased.error();
    co_return;
  }
  work.channels = co_await upload(work.s3, work.config);
  if (!work.channels || !work.config.sagemaker->max_cost) co_return;
  auto notes = all_notes(work.folder);
  co_await learn_ends(work.client, notes);
  work.cost.add_earlier(notes);
}

void run_alone(asio::io_context& io, asio::awaitable<void> work) {
  asio::co_spawn(io, std::move(work), [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  io.run();
}

}  // namespace

Result<aws::Settings> settings_for(const SageMakerSpec& spec) {
  auto settings = aws::load_settings(aws::process_variables());
  if (!settings) return settings.error();
  if (!spec.region.empty()) settings->region = spec.region;
  const auto endpoint = aws::endpoint_of(*settings, aws::Service::sagemaker, settings->region);
  if (!endpoint) return endpoint.error();
  return settings;
}

Result<Channels> prepare(const aws::Settings& settings, const TuningConfig& config,
                         const fs::path& study_folder, StudyLease& lease, Cost& cost) {
  asio::io_context io(1);
  Work work{.config = config,
            .folder = study_folder,
            .lease = lease,
            .cost = cost,
            .client = aws::Client(io.get_executor(), settings, aws::retry_options(settings))};
  run_alone(io, carry_out(work));
  return std::move(work.channels);
}

void release(const aws::Settings& settings, StudyLease& lease) {
  asio::io_context io(1);
  aws::RetryOptions once = aws::retry_options(settings);
  once.attempts = 2;  // the program is about to end
  aws::Client client(io.get_executor(), settings, once);
  aws::S3 s3(client);
  run_alone(io, lease.release(s3));
}

Result<Channels> planned_channels(const TuningConfig& config) {
  Channels channels;
  for (const auto& [name, source] : sources_of(config)) {
    if (is_remote(source)) {
      channels[name] = source.string();
      continue;
    }
    const auto content = aws::read_folder(source);
    if (!content) return content.error();
    channels[name] = (channels_uri(*config.sagemaker) / (content->hash + "/")).text();
  }
  return channels;
}

}  // namespace hpo::sagemaker
