#include "trainers/serving/metrics.h"

#include <fmt/format.h>

#include <algorithm>

namespace hpo::serving {
namespace {

constexpr std::array<std::string_view, 4> kPaths = {"/ping", "/invocations",
                                                    "/execution-parameters", "/metrics"};

std::string head(std::string_view name, std::string_view type, std::string_view help) {
  return fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

std::string one(std::string_view name, std::string_view type, std::string_view help, double value) {
  return head(name, type, help) + fmt::format("{} {}\n", name, value);
}

template <std::size_t N>
std::string histogram(std::string_view name, std::string_view help, const Histogram<N>& h) {
  std::string text = head(name, "histogram", help);
  for (std::size_t i = 0; i < N; ++i) {
    text += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", name, h.bounds[i], h.counts[i]);
  }
  return text + fmt::format("{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_sum {2}\n{0}_count {1}\n", name,
                            h.count, h.sum);
}

}  // namespace

void Metrics::add_request(std::string_view path, unsigned status, double seconds) {
  const bool is_known = std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
  const std::scoped_lock lock(mutex_);
  ++requests_[{is_known ? std::string(path) : "other", status}];
  if (path == "/invocations") duration_.add(seconds);
}

void Metrics::add_batch(std::size_t photos, double decode_s, double forward_s) {
  const std::scoped_lock lock(mutex_);
  if (photos > 0) batch_.add(static_cast<double>(photos));
  decode_s_ += decode_s;
  forward_s_ += forward_s;
}

void Metrics::add_wait(double seconds) {
  const std::scoped_lock lock(mutex_);
  wait_.add(seconds);
}

std::string Metrics::text(const Gauges& gauges) const {
  const std::scoped_lock lock(mutex_);
  std::string text = head("hpo_requests_total", "counter", "Answered requests.");
  for (const auto& [key, count] : requests_) {
    text += fmt::format("hpo_requests_total{{path=\"{}\",code=\"{}\"}} {}\n", key.first, key.second,
                        count);
  }
  text +=
      histogram("hpo_request_duration_seconds",
                "From the first byte of an invocation to the last byte of its answer.", duration_);
  text += histogram("hpo_queue_wait_seconds", "Until a worker took an invocation.", wait_);
  text += histogram("hpo_batch_size", "Photos computed together.", batch_);
  text +=
      one("hpo_decode_seconds_total", "counter", "Decoding and resizing, all workers.", decode_s_);
  text += one("hpo_forward_seconds_total", "counter", "The network, all workers.", forward_s_);
  const auto gauge = [&](std::string_view name, std::string_view help, std::size_t value) {
    text += one(name, "gauge", help, static_cast<double>(value));
  };
  gauge("hpo_queue_length", "Invocations that wait for a worker.", gauges.queue_length);
  gauge("hpo_workers", "Worker threads.", gauges.workers);
  gauge("hpo_workers_busy", "Workers that compute.", gauges.workers_busy);
  gauge("hpo_connections", "Open connections.", gauges.connections);
  return text;
}

}  // namespace hpo::serving
