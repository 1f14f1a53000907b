#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "engine/metric_reader.h"
#include "engine/sagemaker/description.h"
#include "engine/sagemaker/session.h"
#include "objectives/trial.h"

namespace hpo::sagemaker {

/// Follows a job's log streams into the trial's log file, from their beginning, and reads metrics
/// on the way. The same streams always give the same measurements.
class JobLog {
 public:
  using MeasurementFn = std::function<void(const Measurement&)>;

  /// `file` is written anew.
  JobLog(Session& session, std::string job, std::filesystem::path file, int attempt,
         MetricReader reader);

  /// Fetches what is new. Returns how many lines came. What fails is tried again the next time.
  boost::asio::awaitable<std::size_t> fetch(const JobDescription& job, const MeasurementFn& report);

  /// A line that the log does not have, such as why the job failed.
  void add_line(const std::string& line);

  /// Reports what only the job's description knows of metrics.
  void report_final(const std::map<std::string, double>& metrics, const MeasurementFn& report);

  [[nodiscard]] const std::map<std::string, double>& last_values() const { return last_values_; }
  [[nodiscard]] std::map<std::string, std::string> unreadable() const;
  /// 0, or errno of the file.
  [[nodiscard]] int error() const { return error_; }

 private:
  boost::asio::awaitable<void> find_streams(const JobDescription& job);
  boost::asio::awaitable<std::size_t> fetch_stream(std::string stream, const JobDescription& job,
                                                   const MeasurementFn& report);
  void read_line(std::string_view line, double elapsed_s, const MeasurementFn& report);
  void forbid(const aws::Failure& failure);

  Session& session_;
  std::string job_;
  std::filesystem::path file_;
  int attempt_;
  MetricReader reader_;
  std::ofstream out_;
  int error_ = 0;
  std::map<std::string, std::string> tokens_ = {};  ///< stream → where its next page begins
  int interruptions_ = 0;                           ///< when the streams were looked for
  std::map<std::string, double> last_values_ = {};
  std::int64_t next_step_ = 0;
};

}  // namespace hpo::sagemaker
