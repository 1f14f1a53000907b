#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace hpo::serving {

/// A cumulative histogram as Prometheus counts it.
template <std::size_t N>
struct Histogram {
  std::array<double, N> bounds = {};  ///< upper ones, rising; above the last one is +Inf
  std::array<std::uint64_t, N> counts = {};
  std::uint64_t count = 0;
  double sum = 0;

  void add(double value) {
    for (std::size_t i = 0; i < N; ++i) counts[i] += value <= bounds[i] ? 1 : 0;
    ++count;
    sum += value;
  }
};

/// What is true at the moment of asking.
struct Gauges {
  std::size_t queue_length = 0;
  std::size_t workers = 0;
  std::size_t workers_busy = 0;
  std::size_t connections = 0;
};

/// Counts for `GET /metrics`. Safe from every thread.
class Metrics {
 public:
  /// path: one of the server's; any other is counted as "other", so that clients cannot grow this.
  void add_request(std::string_view path, unsigned status, double seconds);
  /// A batch of photos; seconds of decoding and of the network.
  void add_batch(std::size_t photos, double decode_s, double forward_s);
  void add_wait(double seconds);

  /// Prometheus' text format 0.0.4.
  [[nodiscard]] std::string text(const Gauges& gauges) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, unsigned>, std::uint64_t> requests_ = {};
  Histogram<11> duration_ = {.bounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}};
  Histogram<11> wait_ = duration_;
  Histogram<7> batch_ = {.bounds = {1, 2, 4, 8, 16, 32, 64}};
  double decode_s_ = 0;
  double forward_s_ = 0;
};

}  // namespace hpo::serving
