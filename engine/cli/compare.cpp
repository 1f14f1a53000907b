// hpo compare: trials side by side, or the best trials of several studies.

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/cli/catch_up.h"
#include "engine/cli/front_text.h"
#include "engine/cli/noise.h"
#include "engine/cli/study_access.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/trial_order.h"
#include "engine/cli/verbs.h"
#include "engine/duration_text.h"
#include "objectives/csv.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

/// Without trials named, the best so many are compared.
constexpr std::int64_t kBest = 5;

/// One column of the comparison.
struct Side {
  std::string title = {};  ///< `trial 7`, or the study's name
  StudySpec spec = {};
  std::shared_ptr<const Trial> trial = {};
  ordered_json json = {};
};

/// One row: what each side has of it; nothing where it has not.
struct Row {
  std::string name = {};
  std::vector<std::optional<ParameterValue>> values = {};

  [[nodiscard]] bool differs() const {
    return std::any_of(values.begin(), values.end(),
                       [&](const auto& value) { return value != values.front(); });
  }
};

/// Every parameter of any side; those that differ first.
std::vector<Row> parameter_rows(const std::vector<Side>& sides) {
  std::vector<std::string> names;
  for (const auto& side : sides) {
    for (const auto& [name, value] : side.trial->configuration) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  std::vector<Row> rows;
  for (const auto& name : names) {
    Row row{.name = name};
    for (const auto& side : sides) {
      const auto at = side.trial->configuration.find(name);
      row.values.push_back(at == side.trial->configuration.end()
                               ? std::nullopt
                               : std::optional<ParameterValue>(at->second));
    }
    rows.push_back(std::move(row));
  }
  std::stable_partition(rows.begin(), rows.end(), [](const Row& row) { return row.differs(); });
  return rows;
}

ordered_json parameters_json(const std::vector<Row>& rows) {
  ordered_json list = ordered_json::array();
  for (const auto& row : rows) {
    ordered_json values = ordered_json::array();
    for (const auto& value : row.values) {
      values.push_back(value ? ordered_json(to_json(*value)) : ordered_json());
    }
    list.push_back({{"name", row.name}, {"differs", row.differs()}, {"values", std::move(values)}});
  }
  return list;
}

/// Names of the metrics that say more than the values.
std::vector<std::string> metrics_of(const std::vector<Side>& sides) {
  std::vector<std::string> names;
  for (const auto& side : sides) {
    for (const auto& [name, value] : other_metrics(side.spec, *side.trial)) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

/// The metrics of second objectives.
std::vector<std::string> further_objectives(const std::vector<Side>& sides) {
  std::vector<std::string> names;
  for (const auto& side : sides) {
    for (std::size_t k = 1; k < side.spec.objectives.size(); ++k) {
      const auto& name = side.spec.objectives[k].metric;
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

/// The objective's name, where the sides have the same.
std::string value_title(const std::vector<Side>& sides) {
  const auto& objectives = sides.front().spec.objectives;
  const bool is_same = std::all_of(sides.begin(), sides.end(), [&](const Side& side) {
    return side.spec.objectives == objectives;
  });
  return is_same && !objectives.empty() ? objectives.front().metric : "value";
}

/// Rows of cells: parameters, value, metrics, duration, state. `text_of` writes numbers.
template <class Text>
std::vector<std::vector<std::string>> cells_of(const std::vector<Side>& sides, Text text_of) {
  std::vector<std::vector<std::string>> cells;
  const auto add = [&](const std::string& name, auto&& cell_of) {
    std::vector<std::string> row = {name};
    for (const auto& side : sides) row.push_back(cell_of(*side.trial));
    cells.push_back(std::move(row));
  };
  for (const auto& parameter : parameter_rows(sides)) {
    std::vector<std::string> row = {parameter.name};
    for (const auto& value : parameter.values) row.push_back(value ? text_of(*value) : "");
    cells.push_back(std::move(row));
  }
  const auto number = [&](const std::optional<double>& v) { return v ? text_of(*v) : ""; };
  add(value_title(sides), [&](const Trial& trial) { return number(trial.value); });
  for (const auto& name : further_objectives(sides)) {
    add(name, [&](const Trial& trial) {
      const auto at = trial.metrics.find(name);
      return at == trial.metrics.end() ? "" : text_of(at->second);
    });
  }
  for (const auto& name : metrics_of(sides)) {
    add("metric " + name, [&](const Trial& trial) {
      const auto at = trial.metrics.find(name);
      return at == trial.metrics.end() ? "" : text_of(at->second);
    });
  }
  add("duration_s", [&](const Trial& t) { return number(duration_s(t, current_time())); });
  add("state", [](const Trial& trial) { return std::string(to_string(trial.state)); });
  return cells;
}

/// Numbers with enough digits to tell near values apart.
std::string six_digits(const ParameterValue& value) {
  const auto* number = std::get_if<double>(&value);
  return number != nullptr ? number_text(*number) : value_text(value);
}

void print_comparison(const std::vector<Side>& sides, Format format) {
  std::vector<std::string> header = {"parameter"};
  for (const auto& side : sides) header.push_back(side.title);
  if (format == Format::csv) {
    print(csv_line(header));
    for (const auto& row : cells_of(sides, [](const ParameterValue& v) { return to_text(v); })) {
      print(csv_line(row));
    }
    return;
  }
  std::vector<Column> columns = {{.title = ""}};
  int drop = 1;
  for (const auto& side : sides) {
    columns.push_back({.title = printable(side.title),
                       .align = Align::right,
                       .drop = drop > 1 ? drop : 0,
                       .may_shrink = true});
    ++drop;
  }
  Table table(std::move(columns));
  for (auto& row : cells_of(sides, six_digits)) {
    row.front() = printable(row.front());
    table.add(std::move(row));
  }
  print(table.text(terminal_width(STDOUT_FILENO)));
}

std::optional<double> finite_value(const Side& side) {
  const auto& value = side.trial->value;
  return value && std::isfinite(*value) ? value : std::nullopt;
}

/// Differences from the first side and whether they are more than noise.
ordered_json differences_json(const std::vector<Side>& sides, const Noise& noise) {
  ordered_json list = ordered_json::array();
  for (std::size_t k = 1; k < sides.size(); ++k) {
    const auto first = finite_value(sides.front());
    const auto value = finite_value(sides[k]);
    if (!first || !value) continue;
    list.push_back({{"trial", sides[k].trial->number},
                    {"difference", *value - *first},
                    {"exceeds_noise", noise.is_exceeded_by(*value - *first)}});
  }
  return list;
}

/// Which values differ from the first one by more than noise.
void print_noise(const std::vector<Side>& sides, const Noise& noise) {
  std::string beyond;
  std::string within;
  for (const auto& difference : differences_json(sides, noise)) {
    std::string& list = difference["exceeds_noise"].get<bool>() ? beyond : within;
    list += (list.empty() ? "" : ", ") + difference["trial"].dump();
  }
  if (beyond.empty() && within.empty()) return;
  const std::string of = fmt::format("trial {}", sides.front().trial->number);
  print("\n" + fields_text({{"noise", noise_text(noise)},
                            {"differ from " + of, beyond.empty() ? "none" : "trial " + beyond},
                            {"may equal " + of, within.empty() ? "" : "trial " + within}},
                           terminal_width(STDOUT_FILENO)));
}

void print_sides(const std::vector<Side>& sides, Format format, ordered_json studies,
                 const std::optional<Noise>& noise = {}) {
  if (format != Format::json) {
    print_comparison(sides, format);
    if (noise && format == Format::table) print_noise(sides, *noise);
    return;
  }
  ordered_json trials = ordered_json::array();
  for (const auto& side : sides) trials.push_back(side.json);
  ordered_json out = {{"parameters", parameters_json(parameter_rows(sides))},
                      {"trials", std::move(trials)}};
  if (noise) {
    out["noise"] = {{"stddev", number_json(noise->stddev)}, {"repetitions", noise->repetitions}};
    out["differences"] = differences_json(sides, *noise);
  }
  if (!studies.is_null()) out["studies"] = std::move(studies);
  print_json(out);
}

int compare_trials(const NamedTrials& named, Format format) {
  const LoadedStudy& loaded = named.loaded;
  const Study& study = loaded.study();
  const bool shows_front = named.trials.empty() && study.spec.objectives.size() > 1;
  auto trials = shows_front            ? Result<Trials>(study.front())
                : named.trials.empty() ? Result<Trials>(best_first(study, study.trials, kBest))
                                       : select_trials(study, named.trials);
  if (!trials) return fail(trials.error(), format);
  if (trials->empty()) {
    return fail({.code = ErrorCode::not_found,
                 .message = fmt::format("no trial of study {} has completed yet", loaded.name())},
                format);
  }
  if (shows_front && format == Format::table) {
    print(front_table(study));
    suggest(format, fmt::format("hpo show {} {}{}", loaded.name(), study.best_trial()->number,
                                storage_flag(loaded.file)));
    return kDone;
  }
  std::vector<Side> sides;
  for (const auto& trial : *trials) {
    sides.push_back({.title = fmt::format("trial {}", trial->number),
                     .spec = study.spec,
                     .trial = trial,
                     .json = trial_json(study.spec, *trial, loaded.folder(), current_time())});
  }
  const bool has_two = sides.size() > 1 && format != Format::csv;
  print_sides(sides, format, ordered_json(), has_two ? noise_of(study) : std::nullopt);
  suggest(format, fmt::format("hpo show {} {}{}", loaded.name(), trials->front()->number,
                              storage_flag(loaded.file)));
  return kDone;
}

/// How far the others had to go for the best of the first one: JSON into `studies`, and the text.
std::vector<std::pair<std::string, std::string>> catch_ups(const std::vector<Study>& all,
                                                           ordered_json& studies) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (std::size_t k = 1; k < all.size(); ++k) {
    const auto reached = catch_up(all[k], all.front());
    if (!reached) continue;
    studies[k]["trials_to_first_best"] =
        reached->trials ? ordered_json(*reached->trials) : ordered_json();
    studies[k]["seconds_to_first_best"] = number_json(reached->seconds);
    fields.emplace_back(printable(all[k].spec.name), catch_up_text(*reached));
  }
  return fields;
}

int compare_studies(const std::string& storage, const std::vector<std::string>& names,
                    Format format) {
  std::vector<Side> sides;
  std::vector<Study> all;
  ordered_json studies = ordered_json::array();
  for (const auto& name : names) {
    const auto loaded = load_study(storage, name);
    if (!loaded) return fail(loaded.error(), format);
    all.push_back(loaded->study());
    const auto best = loaded->study().best_trial();
    studies.push_back({{"study", name},
                       {"trials", loaded->study().trials.size()},
                       {"best_value", best ? number_json(best->value) : ordered_json()}});
    if (!best) {
      note(fmt::format("study {} has no complete trial yet", name));
      continue;
    }
    ordered_json json = trial_json(loaded->study().spec, *best, loaded->folder(), current_time());
    json["study"] = name;
    sides.push_back({.title = fmt::format("{} {}", name, best->number),
                     .spec = loaded->study().spec,
                     .trial = best,
                     .json = std::move(json)});
  }
  const auto reached = catch_ups(all, studies);
  if (!sides.empty() || format == Format::json) print_sides(sides, format, std::move(studies));
  if (!reached.empty() && format == Format::table) {
    print(fmt::format("\nthe best of {} was reached by\n", printable(names.front())) +
          fields_text(reached, terminal_width(STDOUT_FILENO)));
  }
  return sides.empty() ? kNothingUsable : kDone;
}

/// Whether the words are two or more studies.
Result<bool> are_studies(const std::string& storage, const std::vector<std::string>& words) {
  if (words.size() < 2) return false;
  const auto opened = open_storage(storage);
  if (!opened) return opened.error();
  const auto studies = opened->reader->list();
  if (!studies) return studies.error();
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::any_of(studies->begin(), studies->end(),
                       [&](const auto& study) { return study.name == word; });
  });
}

}  // namespace

int run_compare(const TrialsArgs& args) {
  const Format format = args.look.format;
  const auto several = are_studies(args.look.storage, args.words);
  if (!several) return fail(several.error(), format);
  if (*several) return compare_studies(args.look.storage, args.words, format);
  const auto named = load_words(args.look.storage, args.words);
  if (!named) return fail(named.error(), format);
  return compare_trials(*named, format);
}

}  // namespace hpo::cli
