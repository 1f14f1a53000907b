#include "engine/cli/front_text.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

bool has_front(const StudySpec& spec) { return spec.objectives.size() > 1; }

std::optional<double> metric_of(const Trial& trial, const std::string& name) {
  const auto at = trial.metrics.find(name);
  return at == trial.metrics.end() ? std::nullopt : std::optional(at->second);
}

}  // namespace

std::string broken_text(const StudySpec& spec, const Trial& trial) {
  std::string text;
  for (const auto& constraint : spec.constraints) {
    const auto value = metric_of(trial, constraint.metric);
    if (!value || constraint.holds(*value)) continue;
    const bool is_above = constraint.max && !(*value <= *constraint.max);
    text += fmt::format("{}{} {} {} {}", text.empty() ? "" : ", ", printable(constraint.metric),
                        number_text(*value), is_above ? ">" : "<",
                        number_text(is_above ? *constraint.max : *constraint.min));
  }
  return text;
}

std::map<std::int64_t, std::string> marks_of(const Study& study) {
  std::map<std::int64_t, std::string> marks;
  for (const auto& trial : study.trials) {
    if (trial->state != TrialState::complete) continue;
    if (!is_feasible(study.spec, *trial).value_or(true)) marks[trial->number] = "x";
  }
  const Front front(study);
  for (const auto& trial : front.trials()) marks[trial->number] = "+";
  if (const auto knee = front.knee()) marks[knee->number] = "*";
  return marks;
}

std::string legend_of(const Study& study) {
  const bool breaks = !study.spec.constraints.empty();
  if (!has_front(study.spec)) return breaks ? "* best   x breaks a constraint\n" : "";
  return fmt::format("* knee of the front   + on the front{}\n",
                     breaks ? "   x breaks a constraint" : "");
}

std::vector<std::pair<std::string, std::string>> found_fields(const Study& study) {
  const Front front(study);
  const auto best = front.knee();
  const bool is_none = study.count(TrialState::complete) > 0 && !study.spec.constraints.empty();
  const std::string none = is_none ? "no complete trial keeps the constraints" : "-";
  if (!has_front(study.spec)) {
    return {{"best", best ? fmt::format("{}  trial {}: {}", number_text(best->value), best->number,
                                        assignments(best->configuration))
                          : none}};
  }
  if (!best) return {{"front", none}};
  const auto gain = gain_of(study);
  std::string corner;
  for (std::size_t k = 0; k < gain->reference.size(); ++k) {
    corner += fmt::format("{}{} {}", k == 0 ? "" : ", ", printable(study.spec.objectives[k].metric),
                          number_text(gain->reference[k]));
  }
  return {{"front", counted(static_cast<std::int64_t>(front.trials().size()), "trial")},
          {"knee", fmt::format("{}  trial {}: {}", values_text(study.spec.objectives, *best),
                               best->number, assignments(best->configuration))},
          {"hypervolume", fmt::format("{} up to {}", number_text(gain->hypervolume), corner)}};
}

std::string front_sentence(const Study& study) {
  if (!has_front(study.spec)) return {};
  const auto size = static_cast<std::int64_t>(study.front().size());
  return fmt::format("the middle one of {} of which none is better in both objectives",
                     counted(size, "trial"));
}

std::string front_table(const Study& study) {
  const StudySpec& spec = study.spec;
  std::vector<Column> columns = {{.title = ""}, {.title = "trial", .align = Align::right}};
  for (const auto& objective : spec.objectives) {
    columns.push_back({.title = printable(objective.metric), .align = Align::right});
  }
  int drop = 1;
  std::vector<std::string> constrained;
  for (const auto& constraint : spec.constraints) {
    const bool is_objective =
        std::any_of(spec.objectives.begin(), spec.objectives.end(),
                    [&](const auto& objective) { return objective.metric == constraint.metric; });
    if (!is_objective) constrained.push_back(constraint.metric);
  }
  for (const auto& name : constrained) {
    columns.push_back({.title = printable(name), .align = Align::right, .drop = drop++});
  }
  for (const auto& p : spec.space.parameters) {
    columns.push_back(
        {.title = printable(p.name), .align = Align::right, .drop = drop++, .may_shrink = true});
  }
  Table table(std::move(columns));
  const Front front(study);
  for (const auto& trial : front.trials()) {
    std::vector<std::string> row = {trial == front.knee() ? "*" : "", std::to_string(trial->number),
                                    number_text(trial->value)};
    for (std::size_t k = 1; k < spec.objectives.size(); ++k) {
      row.push_back(number_text(metric_of(*trial, spec.objectives[k].metric)));
    }
    for (const auto& name : constrained) row.push_back(number_text(metric_of(*trial, name)));
    for (const auto& p : spec.space.parameters) {
      const auto at = trial->configuration.find(p.name);
      row.push_back(at == trial->configuration.end() ? "" : value_text(at->second));
    }
    table.add(std::move(row));
  }
  return table.text(terminal_width(STDOUT_FILENO)) + "* knee of the front\n\n" +
         fields_text(found_fields(study), terminal_width(STDOUT_FILENO));
}

ordered_json front_json(const LoadedStudy& loaded) {
  ordered_json list = ordered_json::array();
  for (const auto& trial : loaded.study().front()) {
    list.push_back(trial_json(loaded.study().spec, *trial, loaded.folder(), current_time()));
  }
  return list;
}

ordered_json gain_json(const Study& study) {
  const auto gain = gain_of(study);
  if (!gain) return {};
  ordered_json reference = ordered_json::object();
  for (std::size_t k = 0; k < gain->reference.size(); ++k) {
    reference[study.spec.objectives[k].metric] = number_json(gain->reference[k]);
  }
  ordered_json trials = ordered_json::array();
  for (const auto& trial : study.front()) trials.push_back(trial->number);
  return {{"hypervolume", number_json(gain->hypervolume)},
          {"reference", std::move(reference)},
          {"trials", std::move(trials)}};
}

}  // namespace hpo::cli
