#include "engine/metric_reader.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "engine/execution/line_splitter.h"
#include "engine/execution/metric_value.h"

namespace hpo {
namespace {

constexpr std::size_t kLongestExample = 80;

}  // namespace

/// The compiled expressions. RE2 objects cannot be moved, but many readers may use one at a time.
struct MetricReader::Expressions {
  struct Expression {
    std::string metric = {};
    std::unique_ptr<RE2> regex = {};
  };
  std::vector<Expression> list = {};
};

Result<MetricReader> MetricReader::make(const std::vector<MetricPattern>& patterns) {
  auto expressions = std::make_shared<Expressions>();
  MetricReader reader;
  for (const auto& pattern : patterns) {
    Expressions::Expression expression{.metric = pattern.metric,
                                       .regex = std::make_unique<RE2>(pattern.regex, RE2::Quiet)};
    if (!expression.regex->ok()) {
      return Error{.message = "the expression of metric \"" + pattern.metric +
                              "\" is not a regular expression: " + expression.regex->error(),
                   .hint = "RE2 syntax has no look-around and no back-references"};
    }
    expressions->list.push_back(std::move(expression));
    reader.counts_.try_emplace(pattern.metric);
  }
  reader.expressions_ = std::move(expressions);
  return reader;
}

std::vector<Measurement> MetricReader::read(std::string_view line) {
  std::map<std::int64_t, Measurement> found;
  if (const auto report = json_report(line)) {
    add(report->metric, report->value, report->step, found);
  } else if (expressions_ != nullptr) {
    for (const auto& [metric, regex] : expressions_->list) {
      std::array<re2::StringPiece, 2> groups;
      const int wanted = regex->NumberOfCapturingGroups() > 0 ? 2 : 1;
      if (!regex->Match(line, 0, line.size(), RE2::UNANCHORED, groups.data(), wanted)) continue;
      const re2::StringPiece text = groups.at(static_cast<std::size_t>(wanted - 1));
      if (const auto value = metric_value({text.data(), text.size()})) {
        add(metric, *value, -1, found);
      } else {
        MetricCount& count = counts_[metric];
        ++count.unreadable;
        count.example.assign(text.data(), std::min(text.size(), kLongestExample));
      }
    }
  }
  std::vector<Measurement> measurements;
  measurements.reserve(found.size());
  for (auto& [step, measurement] : found) measurements.push_back(std::move(measurement));
  return measurements;
}

void MetricReader::add(std::string_view metric, double value, std::int64_t step,
                       std::map<std::int64_t, Measurement>& found) {
  const std::string name(metric);
  std::int64_t& next = next_step_[name];
  const std::int64_t at = step >= 0 ? step : next;
  next = at + 1;
  ++counts_[name].values;
  Measurement& measurement = found[at];
  measurement.step = at;
  measurement.metrics[name] = value;
}

Result<LogScan> scan_log(const std::filesystem::path& file,
                         const std::vector<MetricPattern>& patterns) {
  auto reader = MetricReader::make(patterns);
  if (!reader) return reader.error();
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    return Error{.code = ErrorCode::not_found, .message = "there is no log " + file.string()};
  }
  std::ifstream in(file, std::ios::binary);
  LogScan scan;
  LineSplitter splitter;
  const auto on_line = [&](std::string_view line) {
    ++scan.lines;
    const auto ignored = reader->read(line);
  };
  std::string chunk(LineSplitter::kLongestLine, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    splitter.feed({chunk.data(), static_cast<std::size_t>(in.gcount())}, on_line);
  }
  if (in.bad() || !in.eof()) {
    return Error{.code = ErrorCode::environment, .message = "cannot read the log " + file.string()};
  }
  splitter.finish(on_line);
  scan.metrics = reader->counts();
  return scan;
}

}  // namespace hpo
