// hpo trials: a table of a study's trials.

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/cli/front_text.h"
#include "engine/cli/study_access.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/trial_order.h"
#include "engine/cli/verbs.h"
#include "engine/duration_text.h"

namespace hpo::cli {
namespace {

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

Result<Trials> chosen_trials(const TrialsArgs& args, const std::vector<std::string>& words,
                             const Study& study) {
  auto trials = words.empty() ? Result<Trials>(study.trials) : select_trials(study, words);
  if (!trials) return trials.error();
  auto kept = with_states(std::move(*trials), args.states);
  if (!kept) return kept.error();
  if (args.top) return best_first(study, std::move(*kept), *args.top);
  return args.sort.empty() ? std::move(kept) : sorted_by(study, std::move(*kept), args.sort);
}

}  // namespace

int run_trials(const TrialsArgs& args) {
  const Format format = args.look.format;
  const auto named = load_words(args.look.storage, args.words);
  if (!named) return fail(named.error(), format);
  const LoadedStudy& loaded = named->loaded;
  const auto trials = chosen_trials(args, named->trials, loaded.study());
  if (!trials) return fail(trials.error(), format);
  if (format == Format::json) {
    print_json(trials_json(loaded.study(), *trials, loaded.folder(), current_time()));
  } else if (format == Format::csv) {
    print(trials_csv(loaded.study(), *trials, loaded.folder(), current_time()));
  } else if (trials->empty()) {
    note("no such trial yet");
  } else {
    print_table(loaded.study(), *trials);
    suggest(format,
            fmt::format("hpo show {} {}{}", loaded.name(),
                        loaded.study().best_trial() ? "best" : "last", storage_flag(loaded.file)));
  }
  return kDone;
}

}  // namespace hpo::cli
