// hpo trials: a table of a study's trials.

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/cli/front_text.h"
#include "engine/cli/study_access.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_fields.h"
#include "engine/cli/trial_filter.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/trial_order.h"
#include "engine/cli/verbs.h"
#include "engine/duration_text.h"
#include "objectives/csv.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

std::vector<Column> columns_of(const Study& study) {
  std::vector<Column> columns = {
      {.title = ""}, {.title = "trial", .align = Align::right}, {.title = "state"}};
  if (study.spec.objectives.empty()) columns.push_back({.title = "value", .align = Align::right});
  for (const auto& objective : study.spec.objectives) {
    columns.push_back({.title = printable(objective.metric), .align = Align::right});
  }
  int drop = 3;
  for (const auto& p : study.spec.space.parameters) {
    const bool is_number = std::holds_alternative<FloatParameter>(p.domain) ||
                           std::holds_alternative<IntParameter>(p.domain);
    columns.push_back({.title = printable(p.name),
                       .align = is_number ? Align::right : Align::left,
                       .drop = drop++,
                       .may_shrink = !is_number});
  }
  columns.push_back({.title = "took", .align = Align::right, .drop = 2});
  columns.push_back({.title = "on", .drop = 100'000});
  columns.push_back({.title = "why", .drop = 1, .may_shrink = true});
  return columns;
}

/// The cells of the objectives' columns.
std::vector<std::string> values_of(const StudySpec& spec, const Trial& trial) {
  std::vector<std::string> cells = {number_text(trial.value)};
  for (std::size_t k = 1; k < spec.objectives.size(); ++k) {
    const auto at = trial.metrics.find(spec.objectives[k].metric);
    cells.push_back(at == trial.metrics.end() ? "-" : number_text(at->second));
  }
  return cells;
}

/// `why` of a trial: how it failed, or what was said of it; a repeated attempt.
std::string note_of(const StudySpec& spec, const Trial& trial) {
  std::string text = trial.failure ? to_string(*trial.failure) : "";
  if (trial.state == TrialState::complete) text = broken_text(spec, trial);
  if (!trial.reason.empty()) text += (text.empty() ? "" : ": ") + brief_reason(trial);
  if (trial.attempt > 1)
    text += fmt::format("{}attempt {}", text.empty() ? "" : ", ", trial.attempt);
  return text;
}

void print_table(const Study& study, const Trials& trials) {
  Table table(columns_of(study));
  const auto marks = marks_of(study);
  const auto now = current_time();
  for (const auto& trial : trials) {
    const auto mark = marks.find(trial->number);
    std::vector<std::string> row = {mark == marks.end() ? "" : mark->second,
                                    std::to_string(trial->number), to_string(trial->state)};
    for (auto& cell : values_of(study.spec, *trial)) row.push_back(std::move(cell));
    for (const auto& p : study.spec.space.parameters) {
      const auto at = trial->configuration.find(p.name);
      row.push_back(at == trial->configuration.end() ? "" : value_text(at->second));
    }
    const auto took = duration_s(*trial, now);
    row.push_back(took ? duration_text(*took) : "");
    row.push_back(printable(trial->resource));
    row.push_back(note_of(study.spec, *trial));
    table.add(std::move(row));
  }
  print(table.text(terminal_width(STDOUT_FILENO)) + legend_of(study));
}

/// The fields of `columns`, one value each.
void print_columns(const Study& study, const Trials& trials,
                   const std::vector<std::string>& fields) {
  std::vector<Column> columns;
  for (const auto& field : fields) {
    const bool is_number = is_number_field(study, field);
    columns.push_back({.title = printable(field),
                       .align = is_number ? Align::right : Align::left,
                       .drop = static_cast<int>(columns.size()),
                       .may_shrink = !is_number,
                       .keeps_empty = true});
  }
  Table table(std::move(columns));
  const auto now = current_time();
  for (const auto& trial : trials) {
    std::vector<std::string> row;
    for (const auto& field : fields) row.push_back(printable(field_text(*trial, field, now)));
    table.add(std::move(row));
  }
  print(table.text(terminal_width(STDOUT_FILENO)));
}

void print_columns_csv(const Trials& trials, const std::vector<std::string>& fields) {
  const auto now = current_time();
  print(csv_line(fields));
  for (const auto& trial : trials) {
    std::vector<std::string> row;
    for (const auto& field : fields) row.push_back(field_exact_text(*trial, field, now));
    print(csv_line(row));
  }
}

ordered_json columns_json(const Trials& trials, const std::vector<std::string>& fields) {
  const auto now = current_time();
  ordered_json list = ordered_json::array();
  for (const auto& trial : trials) {
    ordered_json row = ordered_json::object();
    for (const auto& field : fields) row[field] = field_json(*trial, field, now);
    list.push_back(std::move(row));
  }
  return list;
}

Result<Trials> chosen_trials(const TrialsArgs& args, const std::vector<std::string>& words,
                             const Study& study) {
  auto trials = words.empty() ? Result<Trials>(study.trials) : select_trials(study, words);
  if (!trials) return trials.error();
  trials = with_states(std::move(*trials), args.states);
  if (trials) trials = where(study, std::move(*trials), args.where);
  if (!trials) return trials.error();
  if (args.sort.empty()) {
    return args.top ? best_first(study, std::move(*trials), *args.top) : std::move(trials);
  }
  trials = sorted_by(study, *trials, args.sort);
  if (trials && args.top && static_cast<std::int64_t>(trials->size()) > *args.top) {
    trials->resize(static_cast<std::size_t>(*args.top));
  }
  return trials;
}

Result<std::vector<std::string>> chosen_fields(const Study& study,
                                               const std::vector<std::string>& words) {
  std::vector<std::string> fields;
  for (const auto& word : words) {
    auto field = field_named(study, word, "column");
    if (!field) return field.error();
    fields.push_back(std::move(*field));
  }
  return fields;
}

/// Prints the whole trials, or of each the chosen fields.
void print_trials(const LoadedStudy& loaded, const Trials& trials,
                  const std::vector<std::string>& fields, Format format) {
  const Study& study = loaded.study();
  switch (format) {
    case Format::json:
      return print_json(fields.empty() ? trials_json(study, trials, loaded.folder(), current_time())
                                       : columns_json(trials, fields));
    case Format::csv:
      if (!fields.empty()) return print_columns_csv(trials, fields);
      return print(trials_csv(study, trials, loaded.folder(), current_time()));
    case Format::table:
      if (trials.empty()) return note("no such trial yet");
      fields.empty() ? print_table(study, trials) : print_columns(study, trials, fields);
      suggest(format, fmt::format("hpo show {} {}{}", loaded.name(),
                                  study.best_trial() ? "best" : "last", storage_flag(loaded.file)));
  }
}

}  // namespace

int run_trials(const TrialsArgs& args) {
  const Format format = args.look.format;
  const auto named = load_words(args.look.storage, args.words);
  if (!named) return fail(named.error(), format);
  const LoadedStudy& loaded = named->loaded;
  const auto trials = chosen_trials(args, named->trials, loaded.study());
  if (!trials) return fail(trials.error(), format);
  const auto fields = chosen_fields(loaded.study(), args.columns);
  if (!fields) return fail(fields.error(), format);
  print_trials(loaded, *trials, *fields, format);
  return kDone;
}

}  // namespace hpo::cli
