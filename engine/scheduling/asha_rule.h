#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "objectives/study.h"

namespace hpo {

/// `strategy.early_stopping: asha`, asynchronous successive halving that stops instead of pausing:
/// on its first report at or beyond min, min·eta, min·eta², ... steps a trial is compared with all
/// that got there before it, and stopped unless it is among the best 1/eta of them. Li et al.
/// (2020), "A system for massively parallel hyperparameter tuning"; the stopping variant is Syne
/// Tune's.
class AshaRule {
 public:
  static constexpr std::size_t kRemembered = 1000;  ///< the newest trials, after a resume

  /// min ≥ 1, eta ≥ 2.
  AshaRule(Goal goal, std::int64_t min, std::int64_t eta) : goal_(goal), min_(min), eta_(eta) {}

  /// A report of a trial: its value so far at `step`. Why it should stop; nothing if it goes on. A
  /// value that is not finite is no part of it (the end says `nan`). Each rung hears a trial once:
  /// an attempt that begins again changes nothing.
  std::optional<std::string> judge(std::int64_t trial, std::int64_t step, double value);

 private:
  struct Rung {
    std::int64_t step = 0;
    std::vector<double> values = {};
  };

  [[nodiscard]] std::optional<std::string> compare(const Rung& rung, double value) const;

  Goal goal_;
  std::int64_t min_;
  std::int64_t eta_;
  std::vector<Rung> rungs_ = {};
  std::map<std::int64_t, std::size_t> next_ = {};  ///< rung of each trial
};

}  // namespace hpo
