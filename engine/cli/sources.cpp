#include "engine/cli/sources.h"

#include <nlohmann/json.hpp>

#include "engine/cli/text.h"
#include "storage/study_store.h"

namespace hpo::cli {
namespace {

const PriorResult* best_of(const PriorStudy& source, Goal goal) {
  const PriorResult* best = nullptr;
  for (const auto& result : source.results) {
    if (!result.value) continue;
    if (best == nullptr || is_better(goal, *result.value, *best->value)) best = &result;
  }
  return best;
}

}  // namespace

WarmStart read_sources(const TuningConfig& config, bool fresh) {
  if (config.strategy.warm_start.empty()) return {};
  std::optional<StoredStudy> stored;
  std::error_code ignored;
  if (!fresh && std::filesystem::exists(config.storage, ignored)) {
    // What is wrong with the file itself, opening it for the run says.
    if (const auto reader = make_sqlite_reader(config.storage)) {
      if (auto loaded = (*reader)->load(config.study.name)) stored = std::move(*loaded);
    }
  }
  return read_warm_start(config, stored ? &stored->study : nullptr);
}

std::optional<int> fail(const WarmStart& read, Format format) {
  if (read.fault) return fail(*read.fault, format);
  if (!read.errors.empty()) return fail(read.errors, format);
  return std::nullopt;
}

void note_sources(const std::vector<PriorStudy>& sources) {
  for (const auto& line : warm_start_lines(sources)) note("begins with " + printable(line));
}

nlohmann::ordered_json source_json(const PriorStudy& source, Goal goal) {
  const auto* best = best_of(source, goal);
  using nlohmann::ordered_json;
  return {{"study", source.study},
          {"storage", source.storage.empty() ? ordered_json() : ordered_json(source.storage)},
          {"relation", to_string(source.relation)},
          {"because", source.because},
          {"results", source.results.size()},
          {"left_out", source.left_out},
          {"best_trial", best == nullptr ? ordered_json() : ordered_json(best->trial)},
          {"best_value", best == nullptr ? ordered_json() : ordered_json(*best->value)}};
}

std::vector<std::pair<std::string, std::string>> source_fields(const Study& study) {
  std::vector<std::pair<std::string, std::string>> fields;
  std::vector<PriorStudy> sources;
  for (const auto& use : study.sources()) sources.push_back(*use.source);
  for (const auto& line : warm_start_lines(sources)) {
    fields.emplace_back("began with", printable(line));
  }
  for (auto& field : better_fields(study)) fields.push_back(std::move(field));
  return fields;
}

std::vector<std::pair<std::string, std::string>> better_fields(const Study& study) {
  if (study.spec.objectives.empty()) return {};
  const Goal goal = study.spec.objectives.front().goal;
  const auto own = study.best_trial();
  std::optional<double> value;
  if (own) value = own->value;
  std::string text;
  for (const auto& use : study.sources()) {
    if (use.relation() != Relation::identical) continue;
    const auto* best = best_of(*use.source, goal);
    if (best == nullptr || (value && !is_better(goal, *best->value, *value))) continue;
    value = best->value;
    text =
        fmt::format("{}, trial {} of study {}", *value, best->trial, printable(use.source->study));
  }
  if (text.empty()) return {};
  return {{"better before", text}};
}

}  // namespace hpo::cli
