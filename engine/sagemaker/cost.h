#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/sagemaker/job_note.h"
#include "engine/tuning_config.h"

namespace hpo::sagemaker {

/// What jobs have cost and may still cost, in the unit of the file's prices. Keeps
/// `max_cost`: spent + the most that running jobs may cost + the most of the next one.
class Cost {
 public:
  enum class Answer { start, wait, never };

  explicit Cost(const TuningConfig& config);

  /// Jobs of earlier runs. One that has no end yet counts as if it ran to its limit.
  void add_earlier(const std::vector<JobNote>& notes);

  /// Whether a job on that type may begin; `wait`: perhaps when others have ended cheaper than they
  /// might have.
  [[nodiscard]] Answer may_start(const std::string& type) const;
  /// A job begins, or is adopted.
  void begin(const std::string& job, const std::string& type);
  /// It ended after so many seconds of one instance; nothing: it never ran, or nobody knows.
  void end(const std::string& job, std::optional<double> billable_s);

  [[nodiscard]] double spent() const { return spent_; }
  [[nodiscard]] double most_of(const std::string& type) const;
  [[nodiscard]] bool has_prices() const { return !spec_.prices.empty(); }

 private:
  [[nodiscard]] double price_s(const std::string& type) const;

  SageMakerSpec spec_;
  double runtime_s_;
  double spent_ = 0;
  std::map<std::string, std::string> running_ = {};  ///< job → instance type
};

}  // namespace hpo::sagemaker
