#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tuning_config.h"
#include "objectives/error.h"
#include "objectives/trial.h"

namespace hpo {

/// How often a metric was found in a log.
struct MetricCount {
  std::int64_t values = 0;      ///< numbers read
  std::int64_t unreadable = 0;  ///< the expression matched, but its group is no number
  std::string example = {};     ///< the last such group
  bool operator==(const MetricCount&) const = default;
};

/// Finds metrics in a trial's output, line by line.
///
/// A line that is a JSON object with `metric` and `value` (and perhaps `step`) says that one
/// metric; in any other line each expression of the file is searched: its first group, or the whole
/// match where it has none, is a value. Values may be NaN or infinite. A report without a step
/// counts on from the metric's last one, 0 at first, so the same log always gives the same steps.
/// A copy shares the compiled expressions and counts on its own.
class MetricReader {
 public:
  /// Error: usage, for an expression that RE2 does not take.
  static Result<MetricReader> make(const std::vector<MetricPattern>& patterns);

  /// What a line (without its end) reports: one measurement for each step, ascending. Their attempt
  /// and elapsed_s are not set.
  std::vector<Measurement> read(std::string_view line);

  /// Every metric of the expressions, also one that was never found, and every one of JSON lines.
  [[nodiscard]] const std::map<std::string, MetricCount>& counts() const { return counts_; }

  struct Expressions;

 private:
  void add(std::string_view metric, double value, std::int64_t step,
           std::map<std::int64_t, Measurement>& found);

  std::shared_ptr<const Expressions> expressions_ = {};
  std::map<std::string, MetricCount> counts_ = {};
  std::map<std::string, std::int64_t> next_step_ = {};
};

/// What a whole log holds.
struct LogScan {
  std::int64_t lines = 0;
  std::map<std::string, MetricCount> metrics = {};
};

/// Reads a log as a trial's is read (`hpo validate --log FILE`). Errors: usage (an expression),
/// not_found, environment.
Result<LogScan> scan_log(const std::filesystem::path& file,
                         const std::vector<MetricPattern>& patterns);

}  // namespace hpo
