#include "trainers/serving/access_log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

namespace hpo::serving {
namespace {

constexpr std::size_t kLongest = 200;

std::string utc(std::int64_t unix_ms) {
  const std::time_t seconds = unix_ms / 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), unix_ms % 1000);
}

double rounded(double milliseconds) { return std::round(milliseconds * 1000) / 1000; }

}  // namespace

std::string access_line(const AccessEntry& entry, const HttpRequest& request,
                        const HttpResponse& response) {
  nlohmann::ordered_json line;
  line["time"] = utc(entry.unix_ms);
  line["client"] = entry.client;
  line["method"] = request.method.substr(0, kLongest);
  line["target"] = request.target.substr(0, kLongest);
  line["status"] = response.status;
  line["bytes_in"] = entry.bytes_in;
  line["bytes_out"] = entry.bytes_out;
  line["duration_ms"] = rounded(entry.duration_ms);
  if (response.facts.batch > 0) {
    line["queue_ms"] = rounded(response.facts.queue_ms);
    line["batch"] = response.facts.batch;
  }
  if (!request.inference_id.empty()) {
    line["inference_id"] = request.inference_id.substr(0, kLongest);
  }
  if (!response.facts.problem.empty()) line["error"] = response.facts.problem.substr(0, kLongest);
  return line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace hpo::serving
