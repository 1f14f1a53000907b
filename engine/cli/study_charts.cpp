#include "engine/cli/study_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "engine/cli/text.h"
#include "engine/cli/trial_fields.h"
#include "engine/cli/trial_order.h"

namespace hpo::cli {
namespace {

/// More curves than these cannot be told apart in a terminal.
constexpr std::int64_t kBestCurves = 10;
constexpr std::size_t kMostCurves = 20;

constexpr double kFoot = std::numeric_limits<double>::quiet_NaN();

ObjectiveSpec objective_of(const Study& study) {
  return study.spec.objectives.empty() ? ObjectiveSpec{.metric = "value"}
                                       : study.spec.objectives.front();
}

/// `accuracy of birds, maximize`.
std::string title_of(const Study& study, Scale scale) {
  const auto objective = objective_of(study);
  return fmt::format("{} of {}, {}{}", printable(objective.metric), printable(study.spec.name),
                     to_string(objective.goal), scale == Scale::log ? " (log)" : "");
}

/// One series for each of the marks, which lie over each other in this order.
struct Marked {
  Series failed = {.name = "failed", .mark = Mark::failed};
  Series pruned = {.name = "pruned", .mark = Mark::pruned};
  Series complete = {.name = "complete", .mark = Mark::complete};
  Series best = {.name = "best", .mark = Mark::best};

  /// Adds an ended trial at x; nothing of others. Failed ones have no value to be at.
  void add(const Trial& trial, double x, bool is_best) {
    const bool has_value = trial.value && std::isfinite(*trial.value);
    const double y = has_value ? *trial.value : kFoot;
    if (trial.state == TrialState::failed) failed.points.push_back({x, kFoot});
    if (trial.state == TrialState::pruned) pruned.points.push_back({x, y});
    if (trial.state != TrialState::complete || !has_value) return;
    (is_best ? best : complete).points.push_back({x, y});
  }
  void append_to(std::vector<Series>& series) && {
    series.push_back(std::move(failed));
    series.push_back(std::move(pruned));
    series.push_back(std::move(complete));
    series.push_back(std::move(best));
  }
};

/// Gives the chart a vertical axis over everything in it.
void set_y(const Study& study, Chart& chart) {
  std::vector<double> values;
  for (const auto& series : chart.series) {
    for (const auto& point : series.points) values.push_back(point.y);
  }
  chart.y = axis_over(values, scale_for(values));
  chart.title = title_of(study, chart.y.scale) + chart.title;
}

/// The best value after each trial, as steps.
Series best_so_far(const Study& study) {
  Series line{.name = "best so far", .is_line = true};
  const Goal goal = objective_of(study).goal;
  std::optional<double> best;
  for (const auto& trial : study.trials) {
    const auto x = static_cast<double>(trial->number);
    if (best) line.points.push_back({x, *best});
    if (!is_eligible(study.spec, *trial) || !std::isfinite(trial->value.value_or(kFoot))) continue;
    if (best && !is_better(goal, *trial->value, *best)) continue;
    best = trial->value;
    line.points.push_back({x, *best});
  }
  return line;
}

/// Where a parameter's value is drawn: itself, or its place among the names.
std::optional<double> place_of(const ParameterValue& value, const std::vector<std::string>& names) {
  if (!names.empty()) {
    const auto at = std::find(names.begin(), names.end(), to_text(value));
    if (at == names.end()) return std::nullopt;
    return static_cast<double>(at - names.begin());
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

/// The parameter's whole range, whatever was tried of it.
void set_x(const Parameter& parameter, Chart& chart) {
  chart.x_title = printable(parameter.name);
  if (const auto* real = std::get_if<FloatParameter>(&parameter.domain)) {
    chart.x = {.min = real->min, .max = real->max, .scale = real->scale};
  } else if (const auto* whole = std::get_if<IntParameter>(&parameter.domain)) {
    chart.x = {.min = static_cast<double>(whole->min),
               .max = static_cast<double>(whole->max),
               .scale = whole->scale};
  } else {
    for (const auto& value : finite_values(parameter.domain)) {
      chart.names.push_back(to_text(value));
    }
    chart.x = {.min = -0.5, .max = static_cast<double>(chart.names.size()) - 0.5};
  }
  if (!(chart.x.min < chart.x.max)) chart.x = axis_over({chart.x.min}, chart.x.scale);
  if (chart.x.scale == Scale::log) chart.x_title += " (log)";
  if (chart.x.scale == Scale::reverse_log) chart.x_title += " (reverse log)";
}

Chart slice_chart(const Study& study, const Parameter& parameter) {
  Chart chart;
  set_x(parameter, chart);
  Marked marked;
  const auto best = study.best_trial();
  for (const auto& trial : study.trials) {
    const auto value = trial->configuration.find(parameter.name);
    if (value == trial->configuration.end()) continue;
    const auto x = place_of(value->second, chart.names);
    if (x) marked.add(*trial, *x, best && best->number == trial->number);
  }
  std::move(marked).append_to(chart.series);
  set_y(study, chart);
  return chart;
}

/// The best trials, then the newest ones.
Trials curve_trials(const Study& study) {
  Trials chosen = best_first(study, study.trials, kBestCurves);
  std::set<std::int64_t> seen;
  for (const auto& trial : chosen) seen.insert(trial->number);
  for (auto at = study.trials.rbegin(); at != study.trials.rend(); ++at) {
    if (chosen.size() >= kMostCurves) break;
    const bool has_reported = !(*at)->metrics.empty();
    if (has_reported && seen.insert((*at)->number).second) chosen.push_back(*at);
  }
  return chosen;
}

Mark mark_of(const Study& study, const Trial& trial) {
  const auto best = study.best_trial();
  if (best && best->number == trial.number) return Mark::best;
  switch (trial.state) {
    case TrialState::complete:
      return Mark::complete;
    case TrialState::pruned:
      return Mark::pruned;
    case TrialState::failed:
      return Mark::failed;
    case TrialState::waiting:
    case TrialState::running:
    case TrialState::paused:
      return Mark::none;
  }
  return Mark::none;
}

/// A trial's reports of the objective, of its last attempt.
Result<Series> curve_of(const LoadedStudy& loaded, const Trial& trial) {
  const auto reports = loaded.reader->measurements(loaded.name(), trial.number);
  if (!reports) return reports.error();
  const auto objective = objective_of(loaded.study());
  Series line{.is_line = true};
  for (const auto& report : *reports) {
    const auto value = report.metrics.find(objective.metric);
    if (report.attempt != trial.attempt || value == report.metrics.end()) continue;
    line.points.push_back({static_cast<double>(report.step), value->second});
  }
  std::erase_if(line.points, [](const ChartPoint& point) { return !std::isfinite(point.y); });
  return line;
}

/// Ends of curves, one series for each mark.
void append_ends(const std::vector<std::pair<Mark, ChartPoint>>& ends, Chart& chart) {
  for (const Mark mark : {Mark::failed, Mark::pruned, Mark::complete, Mark::best}) {
    Series series{.name = to_string(mark), .mark = mark};
    for (const auto& [of, point] : ends) {
      if (of == mark) series.points.push_back(point);
    }
    chart.series.push_back(std::move(series));
  }
}

}  // namespace

Chart history_chart(const Study& study) {
  Chart chart{.x_title = "trial"};
  chart.series.push_back(best_so_far(study));
  Marked marked;
  const auto best = study.best_trial();
  for (const auto& trial : study.trials) {
    marked.add(*trial, static_cast<double>(trial->number), best && best->number == trial->number);
  }
  std::move(marked).append_to(chart.series);
  const auto last = study.trials.empty() ? 0 : study.trials.back()->number;
  chart.x = {.min = 0, .max = static_cast<double>(std::max<std::int64_t>(last, 1))};
  set_y(study, chart);
  return chart;
}

Result<Chart> curves_chart(const LoadedStudy& loaded) {
  Chart chart{.x_title = "step"};
  std::vector<std::pair<Mark, ChartPoint>> ends;
  std::vector<double> steps;
  for (const auto& trial : curve_trials(loaded.study())) {
    auto line = curve_of(loaded, *trial);
    if (!line) return line.error();
    if (line->points.size() < 2) continue;
    for (const auto& point : line->points) steps.push_back(point.x);
    ends.emplace_back(mark_of(loaded.study(), *trial), line->points.back());
    chart.series.push_back(std::move(*line));
  }
  if (ends.empty()) {
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("no trial of study {} has reported {} more than once",
                                        printable(loaded.name()),
                                        printable(objective_of(loaded.study()).metric)),
                 .hint = "hpo plot history shows the trials' values"};
  }
  chart.title = fmt::format(", {}", counted(static_cast<std::int64_t>(ends.size()), "trial"));
  append_ends(ends, chart);
  chart.x = axis_over(steps, Scale::linear);
  set_y(loaded.study(), chart);
  return chart;
}

Result<std::vector<Chart>> slice_charts(const Study& study, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const auto& parameter : study.spec.space.parameters) known.push_back(parameter.name);
  std::vector<Chart> charts;
  for (const auto& name : names.empty() ? known : names) {
    const auto* parameter = study.spec.space.find(name);
    if (parameter == nullptr) return unknown_word("parameter", name, known);
    charts.push_back(slice_chart(study, *parameter));
  }
  return charts;
}

}  // namespace hpo::cli
