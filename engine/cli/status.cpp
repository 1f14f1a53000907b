// hpo status: how a study stands, also while it runs.

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/cli/front_text.h"
#include "engine/cli/sources.h"
#include "engine/cli/study_text.h"
#include "engine/cli/table.h"
#include "engine/cli/terminal.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/duration_text.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

/// The limit of `key` in the stored configuration, where it is a number.
std::optional<double> limit_of(const StoredStudy& stored, const char* key) {
  const auto config = parse_json(stored.config);
  if (!config || !config->is_object()) return std::nullopt;
  const auto limits = config->find("limits");
  if (limits == config->end() || !limits->is_object()) return std::nullopt;
  const auto at = limits->find(key);
  if (at == limits->end() || !at->is_number()) return std::nullopt;
  return at->get<double>();
}

std::string state_line(const StoredStudy& stored) {
  std::string text = study_state(stored.holder, stored.progress.stop_reason);
  if (stored.holder) return text + fmt::format(" (pid {})", *stored.holder);
  if (stored.progress.stop_reason.empty()) return text;
  return text + ": " + printable(stored.progress.stop_reason);
}

std::string trials_line(const StoredStudy& stored) {
  std::string text = counts_text(stored.study);
  const auto limit = limit_of(stored, "trials");
  return limit ? fmt::format("{} (of {:.0f})", text, *limit) : text;
}

std::string objective_line(const StudySpec& spec) {
  std::string text;
  for (const auto& objective : spec.objectives) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(objective.goal),
                        printable(objective.metric));
  }
  return text;
}

std::string constraints_line(const StudySpec& spec) {
  std::string text;
  for (const auto& constraint : spec.constraints) {
    text += (text.empty() ? "" : ", ") + printable(constraint.metric);
    if (constraint.min) text += " >= " + number_text(*constraint.min);
    if (constraint.max)
      text += (constraint.min ? " and <= " : " <= ") + number_text(*constraint.max);
  }
  return text;
}

std::string elapsed_line(const StoredStudy& stored, const LiveStatus& live) {
  std::string text = duration_text(stored.progress.active_s);
  if (!stored.holder || !live.eta_s) return text;
  return text + fmt::format(", about {} left", duration_text(*live.eta_s));
}

std::string slot_trials(const LiveStatus::Slot& slot) {
  return fmt::format("{}", fmt::join(slot.trials, ", "));
}

void print_slots(const LiveStatus& live) {
  if (live.slots.empty()) return;
  Table table({{.title = "device"}, {.title = "trial"}, {.title = "", .may_shrink = true}});
  for (const auto& slot : live.slots) {
    table.add({printable(slot.device), slot_trials(slot),
               slot.idle_reason.empty() ? "" : "idle: " + printable(slot.idle_reason)});
  }
  print("\n" + table.text(terminal_width(STDOUT_FILENO)));
}

void print_status(const LoadedStudy& loaded, const Orphans& orphans) {
  const StoredStudy& stored = loaded.stored;
  const LiveStatus live = live_status(stored.progress.status);
  std::vector<std::pair<std::string, std::string>> fields = {
      {"study", printable(loaded.name())},
      {"state", state_line(stored)},
      {"objective", objective_line(stored.study.spec)},
      {"constraints", constraints_line(stored.study.spec)},
      {"trials", trials_line(stored)}};
  for (auto& field : found_fields(stored.study)) fields.push_back(std::move(field));
  fields.emplace_back("elapsed", elapsed_line(stored, live));
  fields.emplace_back("folder", printable(loaded.folder().string()));
  for (auto& field : source_fields(stored.study)) fields.push_back(std::move(field));
  print(fields_text(fields, terminal_width(STDOUT_FILENO)));
  if (stored.holder) print_slots(live);
  if (!orphans.empty()) print("\n" + orphans_text(orphans) + "\n");
}

std::string next_command(const LoadedStudy& loaded, const Orphans& orphans) {
  const std::string flags = study_flags(loaded.file, loaded.name());
  if (loaded.stored.holder) return fmt::format("hpo trials{0}, or hpo stop{0}", flags);
  if (!orphans.empty()) {
    return fmt::format("hpo run FILE (goes on with them), or hpo stop{} --now (ends them)", flags);
  }
  return (loaded.study().best_trial() ? "hpo best" : "hpo trials") + flags;
}

}  // namespace

int run_status(const StudyArgs& args) {
  const auto loaded = load_study(args.look.storage, args.study);
  if (!loaded) return fail(loaded.error(), args.look.format);
  switch (args.look.format) {
    case Format::json:
      print_json(status_json(*loaded));
      break;
    case Format::csv:
      print(status_csv(*loaded));
      break;
    case Format::table: {
      const Orphans orphans = orphans_of(*loaded);
      print_status(*loaded, orphans);
      suggest(args.look.format, next_command(*loaded, orphans));
    }
  }
  return kDone;
}

}  // namespace hpo::cli
