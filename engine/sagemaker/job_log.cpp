#include "engine/sagemaker/job_log.h"

#include <fmt/format.h>

#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "engine/execution/files.h"
#include "engine/execution/line_splitter.h"
#include "objectives/json.h"

namespace hpo::sagemaker {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr const char* kGroup = "/aws/sagemaker/TrainingJobs";
/// Pages that are read at one look, so that a flood of lines does not keep the others waiting.
constexpr int kMostPages = 20;
/// A page of so many events is probably followed by another.
constexpr std::size_t kFullPage = 1000;

std::string text_of(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// Seconds from the training's begin to an event.
double elapsed_s(const json& event, const JobDescription& job) {
  const auto at = event.find("timestamp");
  if (!job.began_at || at == event.end() || !at->is_number()) return 0;
  const auto began_ms = job.began_at->time_since_epoch().count();
  return std::max(0.0, 1e-3 * (at->get<double>() - static_cast<double>(began_ms)));
}

}  // namespace

JobLog::JobLog(Session& session, std::string job, std::filesystem::path file, int attempt,
               MetricReader reader)
    : session_(session),
      job_(std::move(job)),
      file_(std::move(file)),
      attempt_(attempt),
      reader_(std::move(reader)),
      out_(file_, std::ios::binary | std::ios::trunc) {
  if (!out_) error_ = errno;
}

asio::awaitable<std::size_t> JobLog::fetch(const JobDescription& job, const MeasurementFn& report) {
  if (!session_.memory().has_logs || !job.has_begun()) co_return 0;
  co_await find_streams(job);
  std::vector<std::string> streams;
  for (const auto& [stream, token] : tokens_) streams.push_back(stream);
  std::size_t lines = 0;
  for (auto& stream : streams) {
    std::string name = stream;
    lines += co_await fetch_stream(std::move(name), job, report);
  }
  out_.flush();
  co_return lines;
}

// Each instance has a stream, and each beginning of a spot job has new ones.
asio::awaitable<void> JobLog::find_streams(const JobDescription& job) {
  const auto instances = static_cast<std::size_t>(session_.config().sagemaker->instance_count);
  const bool has_all = tokens_.size() >= instances && interruptions_ == job.interruptions;
  if (has_all) co_return;
  json query = {
      {"logGroupName", kGroup}, {"logStreamNamePrefix", job_ + "/"}, {"orderBy", "LogStreamName"}};
  const std::size_t expected = instances * static_cast<std::size_t>(job.interruptions + 1);
  for (;;) {
    const aws::Answer answer = co_await session_.call_logs("DescribeLogStreams", query);
    if (!answer) {
      // There is no group, or no stream, before the first line.
      forbid(*answer.failure);
      co_return;
    }
    const auto page = parse_json(answer.response.body);
    if (!page || !page->is_object()) co_return;
    const json streams = page->value("logStreams", json::array());
    for (const auto& stream : streams) tokens_.try_emplace(text_of(stream, "logStreamName"));
    if (tokens_.size() >= expected) interruptions_ = job.interruptions;
    const std::string token = text_of(*page, "nextToken");
    if (token.empty()) co_return;
    query["nextToken"] = token;
  }
}

asio::awaitable<std::size_t> JobLog::fetch_stream(std::string stream, const JobDescription& job,
                                                  const MeasurementFn& report) {
  std::size_t lines = 0;
  for (int page_number = 0; page_number < kMostPages; ++page_number) {
    json query = {{"logGroupName", kGroup}, {"logStreamName", stream}, {"startFromHead", true}};
    const std::string sent = tokens_.at(stream);
    if (!sent.empty()) query["nextToken"] = sent;
    const aws::Answer answer = co_await session_.call_logs("GetLogEvents", std::move(query));
    if (!answer) {
      forbid(*answer.failure);
      co_return lines;
    }
    const auto page = parse_json(answer.response.body);
    if (!page || !page->is_object()) co_return lines;
    const json events = page->value("events", json::array());
    for (const auto& event : events) {
      const double elapsed = elapsed_s(event, job);
      LineSplitter splitter;  // an event is a line, but may hold carriage returns, or several lines
      splitter.feed(text_of(event, "message") + "\n",
                    [&](std::string_view line) { read_line(line, elapsed, report); });
      ++lines;
    }
    // Pages may be empty though others follow: only the same token again is the end.
    const std::string next = text_of(*page, "nextForwardToken");
    if (next.empty() || next == sent) co_return lines;
    tokens_.at(stream) = next;
    // While it runs, what else there is comes with the next look.
    if (!job.is_over() && events.size() < kFullPage) co_return lines;
  }
  co_return lines;
}

void JobLog::read_line(std::string_view line, double elapsed_s, const MeasurementFn& report) {
  out_ << line << '\n';
  for (Measurement& measurement : reader_.read(line)) {
    measurement.attempt = attempt_;
    measurement.elapsed_s = elapsed_s;
    for (const auto& [name, value] : measurement.metrics) last_values_[name] = value;
    next_step_ = std::max(next_step_, measurement.step + 1);
    report(measurement);
  }
}

void JobLog::add_line(const std::string& line) {
  out_ << line << '\n';
  out_.flush();
}

void JobLog::report_final(const std::map<std::string, double>& metrics,
                          const MeasurementFn& report) {
  if (metrics.empty()) return;
  const Measurement measurement{.step = next_step_++, .metrics = metrics, .attempt = attempt_};
  for (const auto& [name, value] : metrics) last_values_[name] = value;
  report(measurement);
}

std::map<std::string, std::string> JobLog::unreadable() const {
  std::map<std::string, std::string> examples;
  for (const auto& [metric, count] : reader_.counts()) {
    if (count.values == 0 && count.unreadable > 0) {
      examples.emplace(metric, execution::printable(count.example));
    }
  }
  return examples;
}

void JobLog::forbid(const aws::Failure& failure) {
  if (!aws::is_denied(failure) || !session_.memory().has_logs) return;
  session_.memory().has_logs = false;
  session_.notice("the jobs' logs cannot be read, so metrics come at their end only: " +
                  aws::to_error(failure).hint);
}

}  // namespace hpo::sagemaker
