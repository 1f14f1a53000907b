#include "bayesopt/space_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "bayesopt/study_model_parts.h"

namespace hpo {
namespace {

constexpr std::size_t kMostAdvice = 3;
constexpr std::size_t kBest = 5;
// Fewer results than this and so many for each parameter are no evidence.
constexpr std::int64_t kFewest = 20;
constexpr std::int64_t kFewestEach = 4;
/// Left-out results have to be predicted at least this well (R²); for "no effect", where nothing
/// may be hidden in what is not predicted, much better.
constexpr double kPredicts = 0.3;
constexpr double kPredictsWell = 0.8;
/// Below this importance a place at a bound is chance.
constexpr double kMatters = 0.03;
constexpr double kNothing = 0.01;
constexpr double kAtEnd = 0.03;      ///< of the range
constexpr double kFurtherIn = 0.12;  ///< where it has to be worse than at the end
constexpr double kLowest = 0.05;     ///< of a linear range
constexpr double kWide = 100;        ///< max/min of a range that a log scale is for
constexpr std::uint64_t kFewestLevels = 4;

/// The range of a number, as the user gave it.
struct Range {
  double min = 0;
  double max = 0;
  bool is_linear = true;
  bool is_integer = false;
};

std::optional<Range> range_of(const Domain& domain) {
  if (const auto* f = std::get_if<FloatParameter>(&domain)) {
    return Range{.min = f->min, .max = f->max, .is_linear = f->scale == Scale::linear};
  }
  if (const auto* i = std::get_if<IntParameter>(&domain)) {
    return Range{.min = static_cast<double>(i->min),
                 .max = static_cast<double>(i->max),
                 .is_linear = i->scale == Scale::linear,
                 .is_integer = true};
  }
  return std::nullopt;
}

/// Ends that no one can move: nothing is below 0, of counts not below 1; a share is at most 1.
bool is_natural_min(const Range& range) {
  return range.min == 0 || (range.is_integer && range.min == 1);
}
bool is_natural_max(const Range& range) {
  return range.max == 1 && range.min >= 0 && !range.is_integer;
}

/// The points of the best results, which are different ones.
std::vector<Point> best_points(const Dataset& dataset) {
  std::vector<std::size_t> rows(dataset.y.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t a, std::size_t b) { return dataset.y[a] < dataset.y[b]; });
  std::vector<Point> points;
  for (const auto row : rows) points.push_back(dataset.observed[row]);
  points = distinct(points);
  if (points.size() > kBest) points.resize(kBest);
  return points;
}

class Evidence {
 public:
  Evidence(const StudyModel::Parts& parts, std::vector<Point> best)
      : parts_(parts), best_(std::move(best)) {}

  [[nodiscard]] std::vector<SpaceAdvice> about(const ParameterImportance& importance) const {
    const auto& parameters = parts_.cube.space().parameters;
    const auto* parameter = parts_.cube.space().find(importance.name);
    const auto i = static_cast<Eigen::Index>(parameter - parameters.data());
    if (has_no_effect(importance, i)) {
      return {{.kind = SpaceAdvice::Kind::no_effect,
               .parameter = importance.name,
               .message =
                   fmt::format("{} has no visible effect (importance below 1 %)", importance.name),
               .hint = fmt::format("fix it: trial.hyperparameters.{}", importance.name)}};
    }
    const auto range = range_of(parameter->domain);
    if (!range || importance.total.value < kMatters) return {};
    if (wants_log_scale(*range, i)) return {log_scale(importance.name, *range)};
    if (is_at_end(i, 1) && !is_natural_max(*range)) return {at_end(importance.name, *range, true)};
    if (is_at_end(i, 0) && !is_natural_min(*range)) return {at_end(importance.name, *range, false)};
    return {};
  }

 private:
  /// Whether all best points have coordinate i and it is as asked for.
  template <typename Holds>
  [[nodiscard]] bool all_best(Eigen::Index i, Holds holds) const {
    return best_.size() == kBest && std::all_of(best_.begin(), best_.end(), [&](const Point& x) {
             return x[i] != kInactive && holds(x[i]);
           });
  }

  [[nodiscard]] bool has_no_effect(const ParameterImportance& importance, Eigen::Index i) const {
    const auto& calibration = parts_.calibration;
    const auto active =
        std::count_if(parts_.dataset.observed.begin(), parts_.dataset.observed.end(),
                      [&](const Point& x) { return x[i] != kInactive; });
    return importance.total.high < kNothing && calibration.explained >= kPredictsWell &&
           calibration.is_good() && active >= kFewest;
  }

  [[nodiscard]] bool wants_log_scale(const Range& range, Eigen::Index i) const {
    const bool is_wide = range.min == 0 || (range.min > 0 && range.max >= kWide * range.min);
    return range.is_linear && is_wide && all_best(i, [](double u) { return u <= kLowest; });
  }

  /// `end`: 0 or 1. The model has to agree that further in is worse.
  [[nodiscard]] bool is_at_end(Eigen::Index i, double end) const {
    const Axis& axis = parts_.cube.axis(i);
    if (!axis.is_continuous() && axis.levels() < kFewestLevels) return false;
    const double last = axis.snap(end);
    const bool is_there = all_best(i, [&](double u) {
      return u == last || (axis.is_continuous() && std::abs(u - end) <= kAtEnd);
    });
    if (!is_there) return false;
    Eigen::MatrixXd X(2, parts_.cube.size());
    X.row(0) = best_.front().transpose();
    X.row(1) = X.row(0);
    X(0, i) = last;
    X(1, i) = axis.snap(end + (end > 0 ? -kFurtherIn : kFurtherIn));
    const Eigen::MatrixXd mean = parts_.gp().means(X);
    return mean(0, 0) < mean(1, 0);
  }

  static SpaceAdvice log_scale(const std::string& name, const Range& range) {
    return {.kind = SpaceAdvice::Kind::log_scale,
            .parameter = name,
            .message = fmt::format("the {} best trials have {} in the lowest 5 % of its range",
                                   kBest, name),
            .hint = fmt::format("scale: log searches small values better{}",
                                range.min > 0 ? "" : " (with a min above 0)")};
  }

  static SpaceAdvice at_end(const std::string& name, const Range& range, bool is_upper) {
    return {.kind = is_upper ? SpaceAdvice::Kind::raise_max : SpaceAdvice::Kind::lower_min,
            .parameter = name,
            .message = fmt::format("the {} best trials have {} at its {} end, {}", kBest, name,
                                   is_upper ? "upper" : "lower", is_upper ? range.max : range.min),
            .hint = fmt::format("{} parameters.{}.{}", is_upper ? "raise" : "lower", name,
                                is_upper ? "max" : "min")};
  }

  const StudyModel::Parts& parts_;
  std::vector<Point> best_;
};

}  // namespace

const char* to_string(SpaceAdvice::Kind kind) {
  switch (kind) {
    case SpaceAdvice::Kind::lower_min:
      return "lower_min";
    case SpaceAdvice::Kind::raise_max:
      return "raise_max";
    case SpaceAdvice::Kind::log_scale:
      return "log_scale";
    case SpaceAdvice::Kind::no_effect:
      return "no_effect";
  }
  return "no_effect";
}

std::vector<SpaceAdvice> space_advice(const StudyModel& model, const Importance& importance) {
  const auto& parts = model.parts();
  const auto d = static_cast<std::int64_t>(parts.cube.size());
  const bool is_enough = model.observations() >= std::max(kFewest, kFewestEach * d);
  if (!is_enough || parts.calibration.explained < kPredicts) return {};
  const Evidence evidence(parts, best_points(parts.dataset));
  std::vector<SpaceAdvice> advice;
  for (const auto& parameter : importance.parameters) {
    for (auto& piece : evidence.about(parameter)) advice.push_back(std::move(piece));
    if (advice.size() == kMostAdvice) break;
  }
  return advice;
}

}  // namespace hpo
