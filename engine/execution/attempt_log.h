#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "engine/execution/line_splitter.h"
#include "engine/metric_reader.h"
#include "objectives/descriptor.h"

namespace hpo::execution {

/// Reads an attempt's log from its beginning as it grows, in bounded memory, and turns its lines
/// into measurements. The same log always gives the same ones, in the same order.
class AttemptLog {
 public:
  using MeasurementFn = std::function<void(const Measurement&)>;

  AttemptLog(std::filesystem::path root, int attempt, MetricReader reader);

  /// Opens the file, and makes it where it is not there, so that it can be watched. Error:
  /// environment.
  Result<void> create();

  /// Reads what is there, up to 64 KiB. Returns false where nothing was, or error() is set.
  bool read(const MeasurementFn& report);
  /// Nothing more will come: a last line without a newline is a line too.
  void finish(const MeasurementFn& report);

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  /// Metrics that were found but never as a number, with what stood there last.
  [[nodiscard]] std::map<std::string, std::string> unreadable() const;
  /// 0, or errno of the last read, which could not open the file; the next one tries again.
  [[nodiscard]] int error() const { return error_; }

 private:
  void read_line(std::string_view line, const MeasurementFn& report);
  /// Seconds from the attempt's start to the log's last change: as close to the line's own time as
  /// can be known, also when it is read days later.
  [[nodiscard]] double elapsed_s();

  std::filesystem::path root_;
  std::filesystem::path file_;
  int attempt_ = 1;
  MetricReader reader_;
  LineSplitter splitter_ = {};
  Descriptor descriptor_ = {};
  int error_ = 0;
  std::int64_t offset_ = 0;
  std::int64_t started_ns_ = 0;
  std::int64_t changed_ns_ = 0;
};

}  // namespace hpo::execution
