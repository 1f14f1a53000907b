// hpo studies: what a storage holds.

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/cli/study_access.h"
#include "engine/cli/study_text.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/verbs.h"
#include "objectives/csv.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

const char* state_of(const StudySummary& study) {
  return study_state(study.holder, study.stop_reason);
}

void print_studies_json(const std::vector<StudySummary>& studies) {
  ordered_json list = ordered_json::array();
  for (const auto& study : studies) {
    list.push_back({{"name", study.name},
                    {"state", state_of(study)},
                    {"trials", study.trials},
                    {"best_value", number_json(study.best_value)},
                    {"created_at", to_iso8601(study.created_at)},
                    {"id", study.id},
                    {"pid", study.holder ? ordered_json(*study.holder) : ordered_json()},
                    {"stop_reason", text_json(study.stop_reason)}});
  }
  print_json(list);
}

void print_studies_csv(const std::vector<StudySummary>& studies) {
  print(csv_line(
      {"name", "state", "trials", "best_value", "created_at", "id", "pid", "stop_reason"}));
  for (const auto& study : studies) {
    print(csv_line({study.name, state_of(study), std::to_string(study.trials),
                    study.best_value ? to_text(ParameterValue(*study.best_value)) : "",
                    to_iso8601(study.created_at), study.id,
                    study.holder ? std::to_string(*study.holder) : "", study.stop_reason}));
  }
}

void print_studies_table(const std::vector<StudySummary>& studies) {
  Table table({{.title = "study"},
               {.title = "state"},
               {.title = "trials", .align = Align::right},
               {.title = "best", .align = Align::right},
               {.title = "created (UTC)", .drop = 2},
               {.title = "", .drop = 1, .may_shrink = true}});
  for (const auto& study : studies) {
    const std::string created = to_iso8601(study.created_at).substr(0, 16);
    table.add({printable(study.name), state_of(study), std::to_string(study.trials),
               number_text(study.best_value), created.substr(0, 10) + " " + created.substr(11),
               study.holder ? fmt::format("pid {}", *study.holder) : printable(study.stop_reason)});
  }
  print(table.text(terminal_width(STDOUT_FILENO)));
}

}  // namespace

int run_studies(const LookArgs& args) {
  const auto storage = open_storage(args.storage);
  if (!storage) return fail(storage.error(), args.format);
  const auto studies = storage->reader->list();
  if (!studies) return fail(studies.error(), args.format);
  if (args.format == Format::json) {
    print_studies_json(*studies);
  } else if (args.format == Format::csv) {
    print_studies_csv(*studies);
  } else if (studies->empty()) {
    note(fmt::format("there is no study in {} yet", printable(storage->file.string())));
    suggest(args.format, "hpo run tuning.yaml");
  } else {
    print_studies_table(*studies);
    suggest(args.format, "hpo status" + study_flags(storage->file, studies->back().name));
  }
  return kDone;
}

}  // namespace hpo::cli
