// hpo importance: which parameters the objective depends on, as far as a model of the trials knows.

#include "bayesopt/importance.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/cli/model_text.h"
#include "engine/cli/study_access.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/verbs.h"
#include "objectives/csv.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

constexpr int kBar = 20;

std::string bar(double share) {
  std::string text;
  for (int k = 0; k < static_cast<int>(share * kBar + 0.5); ++k) text += "#";
  return text;
}

std::string interval_text(const VarianceShare& share) {
  return fmt::format("{:.0f}-{:.0f} %", 100 * share.low, 100 * share.high);
}

/// About the best point of one objective: where others count too, it is none.
std::vector<SpaceAdvice> advice_of(const LoadedStudy& loaded, const StudyModel& model,
                                   const Importance& importance) {
  if (!loaded.study().spec.is_plain()) return {};
  return space_advice(model, importance);
}

void print_table(const LoadedStudy& loaded, const StudyModel& model, const Importance& importance) {
  const int width = terminal_width(STDOUT_FILENO);
  Table table({{.title = "parameter", .may_shrink = true},
               {.title = "importance", .align = Align::right},
               {.title = "", .drop = 3},
               {.title = "90 % interval", .align = Align::right, .drop = 1},
               {.title = "alone", .align = Align::right, .drop = 2},
               {.title = "in best 10 %", .align = Align::right, .drop = 4}});
  for (const auto& p : importance.parameters) {
    table.add({printable(p.name), percent_text(p.total.value), bar(p.total.value),
               interval_text(p.total), percent_text(p.alone.value),
               p.among_best ? percent_text(*p.among_best) : ""});
  }
  print(table.text(width) + "\n");
  std::vector<std::pair<std::string, std::string>> fields = {
      {"objective", loaded.study().spec.objectives.size() > 1 ? printable(model.metric()) : ""},
      {"explained", fmt::format("{} by single parameters, the rest by interactions",
                                percent_text(importance.additive.value))},
      {"model", fmt::format("{} of study {}; predicts a left-out result with R² {:.2f}",
                            counted(model.observations(), "result"), printable(loaded.name()),
                            model.calibration().explained)},
      {"", calibration_text(model.calibration())}};
  for (auto& field : outlook_fields({.advice = advice_of(loaded, model, importance)})) {
    fields.push_back(std::move(field));
  }
  print(fields_text(fields, width));
}

ordered_json interval_json(const VarianceShare& share) {
  return ordered_json::array({number_json(share.low), number_json(share.high)});
}

ordered_json importance_json(const LoadedStudy& loaded, const StudyModel& model,
                             const Importance& importance) {
  const auto advice = advice_of(loaded, model, importance);
  ordered_json parameters = ordered_json::array();
  for (const auto& p : importance.parameters) {
    parameters.push_back({{"name", p.name},
                          {"importance", number_json(p.total.value)},
                          {"interval", interval_json(p.total)},
                          {"alone", number_json(p.alone.value)},
                          {"alone_interval", interval_json(p.alone)},
                          {"in_best", number_json(p.among_best)}});
  }
  return {{"study", loaded.name()},
          {"objective", model.metric()},
          {"results", model.observations()},
          {"parameters", std::move(parameters)},
          {"interval_probability", 0.9},
          {"explained_alone", number_json(importance.additive.value)},
          {"explained_alone_interval", interval_json(importance.additive)},
          {"calibration", calibration_json(model.calibration())},
          {"advice", advice_json(advice)}};
}

void print_csv(const Importance& importance) {
  print("parameter,importance,low,high,alone,alone_low,alone_high,in_best\n");
  for (const auto& p : importance.parameters) {
    std::vector<std::string> cells = {p.name};
    for (const double value :
         {p.total.value, p.total.low, p.total.high, p.alone.value, p.alone.low, p.alone.high}) {
      cells.push_back(to_text(ParameterValue(value)));
    }
    cells.push_back(p.among_best ? to_text(ParameterValue(*p.among_best)) : "");
    print(csv_line(cells));
  }
}

/// The objective with that metric, the first where none is named.
Result<std::size_t> objective_of(const StudySpec& spec, const std::string& metric) {
  std::vector<std::string> names;
  for (const auto& objective : spec.objectives) names.push_back(objective.metric);
  const auto at = std::find(names.begin(), names.end(), metric);
  if (metric.empty()) return std::size_t{0};
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  return Error{.message = fmt::format("study {} has no objective \"{}\"", printable(spec.name),
                                      printable(metric)),
               .hint = fmt::format("its objectives: {}",
                                   printable(fmt::format("{}", fmt::join(names, ", "))))};
}

}  // namespace

int run_importance(const ImportanceArgs& args) {
  const Format format = args.of.look.format;
  const auto loaded = load_study(args.of.look.storage, args.of.study);
  if (!loaded) return fail(loaded.error(), format);
  const auto objective = objective_of(loaded->study().spec, args.objective);
  if (!objective) return fail(objective.error(), format);
  const auto model = StudyModel::of(loaded->study(), *objective);
  if (!model) {
    fail(model.error(), format);
    return kNothingUsable;
  }
  const Importance importance = importance_of(*model);
  switch (format) {
    case Format::json:
      print_json(importance_json(*loaded, *model, importance));
      break;
    case Format::csv:
      print_csv(importance);
      break;
    case Format::table:
      print_table(*loaded, *model, importance);
  }
  suggest(format, fmt::format("hpo explain {} best{}", loaded->name(), storage_flag(loaded->file)));
  return kDone;
}

}  // namespace hpo::cli
