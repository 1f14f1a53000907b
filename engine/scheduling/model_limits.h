#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/tuning_config.h"
#include "objectives/study.h"

namespace hpo {

/// limits.regret and limits.convergence: what a model of the study says about going on. The model
/// is asked at most once for each result, on the thread that suggests; without these keys never.
class ModelLimits {
 public:
  explicit ModelLimits(const Limits& limits = {})
      : regret_(limits.regret), convergence_(limits.convergence) {}

  /// Whether the model should be asked, with so many finished trials.
  [[nodiscard]] bool is_due(std::int64_t finished) const;
  /// Asks it. A function of the studies it was given, in their order.
  void look_at(const Study& study);
  /// Why the study ends, once it does: it stays so.
  [[nodiscard]] const std::optional<std::string>& reason() const { return reason_; }

 private:
  std::optional<double> regret_;
  bool convergence_;
  std::int64_t looked_at_ = 0;              // finished trials at the newest look
  std::optional<std::int64_t> since_ = {};  // finished trials since which little is expected
  std::optional<std::string> reason_ = {};
};

}  // namespace hpo
