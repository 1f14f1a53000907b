#include "engine/sagemaker/placement.h"

#include <cmath>
#include <limits>

namespace hpo::sagemaker {
namespace {

/// Capacity comes back within minutes, and a type that is tried too early costs a job's start.
constexpr double kAvoided_s = 600;

}  // namespace

std::string Placement::choose(double now_s) const {
  std::string soonest;
  double soonest_s = std::numeric_limits<double>::infinity();
  for (const auto& type : types_) {
    const auto at = until_s_.find(type);
    if (at == until_s_.end() || at->second <= now_s) return type;
    if (at->second < soonest_s) {
      soonest = type;
      soonest_s = at->second;
    }
  }
  return soonest;
}

void Placement::had_no_capacity(const std::string& type, double now_s) {
  double& until_s = until_s_[type];
  if (!std::isinf(until_s)) until_s = now_s + kAvoided_s;
}

void Placement::is_never_granted(const std::string& type) {
  until_s_[type] = std::numeric_limits<double>::infinity();
}

}  // namespace hpo::sagemaker
