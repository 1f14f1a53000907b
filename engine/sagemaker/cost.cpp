#include "engine/sagemaker/cost.h"

namespace hpo::sagemaker {
namespace {

/// A job that reached its limit may go on for so long until it has ended.
constexpr double kGrace_s = 120;

}  // namespace

Cost::Cost(const TuningConfig& config)
    : spec_(*config.sagemaker),
      runtime_s_(config.trial.timeout_s.value_or(spec_.max_runtime_s) + kGrace_s) {}

double Cost::price_s(const std::string& type) const {
  const auto at = spec_.prices.find(type);
  return at == spec_.prices.end() ? 0 : at->second * spec_.instance_count / 3600;
}

double Cost::most_of(const std::string& type) const { return price_s(type) * runtime_s_; }

void Cost::add_earlier(const std::vector<JobNote>& notes) {
  for (const auto& note : notes) {
    if (note.instance_type.empty()) continue;
    const auto at = spec_.prices.find(note.instance_type);
    if (at == spec_.prices.end()) continue;
    if (note.billable_s) {
      spent_ += at->second / 3600 * note.instances * *note.billable_s;
    } else {
      running_[note.job] = note.instance_type;
    }
  }
}

Cost::Answer Cost::may_start(const std::string& type) const {
  if (!spec_.max_cost) return Answer::start;
  const double next = most_of(type);
  if (spent_ + next > *spec_.max_cost) return Answer::never;
  double may_come = 0;
  for (const auto& [job, its_type] : running_) may_come += most_of(its_type);
  return spent_ + may_come + next > *spec_.max_cost ? Answer::wait : Answer::start;
}

void Cost::begin(const std::string& job, const std::string& type) { running_[job] = type; }

void Cost::end(const std::string& job, std::optional<double> billable_s) {
  const auto at = running_.find(job);
  if (at == running_.end()) return;
  spent_ += price_s(at->second) * billable_s.value_or(0);
  running_.erase(at);
}

}  // namespace hpo::sagemaker
