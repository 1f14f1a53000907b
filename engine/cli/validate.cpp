// hpo validate: everything that is wrong with a tuning file, and advice.

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/cli/file_args.h"
#include "engine/cli/sources.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/metric_reader.h"
#include "engine/tuning_config.h"
#include "objectives/csv.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

ordered_json advice_json(const std::vector<Diagnostic>& advice) {
  ordered_json list = ordered_json::array();
  for (const auto& d : advice) {
    list.push_back({{"message", d.message},
                    {"file", d.file},
                    {"line", d.line},
                    {"column", d.column},
                    {"hint", d.hint}});
  }
  return list;
}

/// One row a piece of advice; the header alone says that the file is valid and there is none.
void print_advice_csv(const std::vector<Diagnostic>& advice) {
  print(csv_line({"message", "file", "line", "column", "hint"}));
  for (const auto& d : advice) {
    print(csv_line({d.message, d.file, std::to_string(d.line), std::to_string(d.column), d.hint}));
  }
}

ordered_json sources_json(const std::vector<PriorStudy>& sources, const TuningConfig& config) {
  ordered_json list = ordered_json::array();
  const Goal goal = config.study.objectives.front().goal;
  for (const auto& source : sources) list.push_back(source_json(source, goal));
  return list;
}

ordered_json metrics_json(const LogScan& scan) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, count] : scan.metrics) {
    out[name] = {{"values", count.values}, {"unreadable", count.unreadable}};
  }
  return out;
}

void print_metrics(const LogScan& scan, Format format) {
  Table table({{.title = "metric", .may_shrink = true},
               {.title = "values", .align = Align::right},
               {.title = "not a number", .align = Align::right},
               {.title = "", .may_shrink = true}});
  if (format == Format::csv) print(csv_line({"metric", "values", "unreadable"}));
  for (const auto& [name, count] : scan.metrics) {
    const std::string example =
        count.unreadable > 0 ? fmt::format("such as \"{}\"", printable(count.example)) : "";
    table.add(
        {printable(name), std::to_string(count.values), std::to_string(count.unreadable), example});
    if (format != Format::csv) continue;
    print(csv_line({name, std::to_string(count.values), std::to_string(count.unreadable)}));
  }
  if (format == Format::table) print(table.text(terminal_width(STDOUT_FILENO)));
}

/// Tries the metric expressions on a log. What the study demands must be found in it.
int try_on_log(const ValidateArgs& args, const TuningConfig& config) {
  const Format format = args.file.format;
  const auto scan = scan_log(args.log, config.trial.metrics);
  if (!scan) return fail(scan.error(), format);
  std::vector<std::string> demanded = {config.study.objectives.front().metric};
  for (auto& name : further_metrics(config.study)) demanded.push_back(std::move(name));
  for (const auto& metric : demanded) {
    const auto found = scan->metrics.find(metric);
    if (found != scan->metrics.end() && found->second.values > 0) continue;
    if (format == Format::table) print_metrics(*scan, format);
    const bool is_objective = metric == demanded.front();
    return fail({.message = fmt::format("{}: the {} \"{}\" is in none of its {}",
                                        printable(args.log), is_objective ? "objective" : "metric",
                                        printable(metric), counted(scan->lines, "line")),
                 .hint = "trial.metrics names a regular expression whose first group is the value, "
                         "such as 'loss: (\\S+)'"},
                format);
  }
  if (format == Format::json) {
    print_json({{"valid", true},
                {"study", config.study.name},
                {"lines", scan->lines},
                {"metrics", metrics_json(*scan)}});
  } else {
    print_metrics(*scan, format);
  }
  return kDone;
}

}  // namespace

int run_validate(const ValidateArgs& args) {
  const Format format = args.file.format;
  const auto loaded = load_file(args.file, ConfigUse::study);
  if (!loaded.config) return fail(loaded.errors, format);
  const std::string& name = loaded.config->study.name;
  if (!args.log.empty()) {
    note_advice(loaded.advice);
    return try_on_log(args, *loaded.config);
  }
  const WarmStart sources = read_sources(*loaded.config, false);
  if (const auto failed = fail(sources, format)) return *failed;
  if (format == Format::json) {
    print_json({{"valid", true},
                {"study", name},
                {"advice", advice_json(loaded.advice)},
                {"warm_start", sources_json(sources.sources, *loaded.config)}});
    return kDone;
  }
  if (format == Format::csv) {
    print_advice_csv(loaded.advice);
    return kDone;
  }
  note_advice(loaded.advice);
  note_sources(sources.sources);
  print(fmt::format(
      "{} is valid: study {}, {}{}\n", printable(args.file.file), name,
      counted(static_cast<std::int64_t>(loaded.config->study.space.parameters.size()), "parameter"),
      loaded.advice.empty() ? "" : ", with advice"));
  suggest(format, "hpo run" + file_flags(args.file));
  return kDone;
}

}  // namespace hpo::cli
