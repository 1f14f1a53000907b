#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "objectives/study.h"
#include "objectives/trial.h"

namespace hpo {

/// Running averages of a trial's objective by step. Holds at most kPoints of them: a longer curve
/// is thinned evenly (each point stays exact).
class Curve {
 public:
  static constexpr std::size_t kPoints = 256;

  /// Steps rise. A value that is not finite has its step but is no part of the average.
  void add(std::int64_t step, double value);

  /// The average up to and including `step`; nothing if the trial did not get there.
  [[nodiscard]] std::optional<double> average_at(std::int64_t step) const;
  /// The newest step; nothing for an empty curve.
  [[nodiscard]] std::optional<std::int64_t> last_step() const;

 private:
  struct Point {
    std::int64_t step = 0;
    double average = 0;
  };
  std::vector<Point> points_ = {};
  std::int64_t last_step_ = 0;
  double sum_ = 0;
  std::int64_t count_ = 0;        // of finite values
  std::int64_t added_ = 0;        // points, also those that are gone
  std::int64_t spacing_ = 1;      // every so many points one stays, and the newest
  bool newest_is_extra_ = false;  // not one of those
};

/// What a trial's reports amount to over its attempts, in bounded memory.
///
/// Within an attempt the steps of a metric rise; a report at an earlier or equal step is a
/// repetition (an adopted trial's log read again) and is not taken. An attempt that starts from a
/// checkpoint goes on with the curve of those before it: its first step replaces theirs from there
/// on.
class TrialReports {
 public:
  /// Of the attempt that runs now.
  TrialReports(ObjectiveSpec objective, int attempt);

  /// What the store holds of the trial, ordered by (attempt, step).
  void load(std::span<const Measurement> stored);

  /// Takes a report of the running attempt; metrics that are repetitions are removed from it. False
  /// if nothing of it is new.
  bool add(Measurement& report);

  /// The trial's value by the objective's rule: the last report, or the best of the finite ones.
  /// Nothing if the metric was never reported.
  [[nodiscard]] std::optional<double> value() const;
  /// The last value of each metric.
  [[nodiscard]] const std::map<std::string, double>& metrics() const { return metrics_; }
  [[nodiscard]] Curve curve() const;

 private:
  struct Summary {
    std::optional<double> last = {};
    std::optional<double> best = {};
    Curve curve = {};
    void add(Goal goal, std::int64_t step, double value);
  };

  void take(int attempt, std::int64_t step, const std::string& metric, double value);
  [[nodiscard]] Summary summary() const;

  ObjectiveSpec objective_;
  int attempt_;
  std::map<std::string, double> metrics_ = {};
  std::map<std::string, std::int64_t> newest_step_ = {};  // of this attempt, by metric
  Summary summary_ = {};  // of this attempt and what it goes on from
  // Objective reports of earlier attempts until this one's first says how many of them still hold.
  std::vector<std::pair<std::int64_t, double>> earlier_ = {};
  int earlier_attempt_ = 0;
};

}  // namespace hpo
