#include "engine/cli/study_text.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "engine/cli/front_text.h"
#include "engine/cli/sources.h"
#include "engine/cli/table.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "objectives/csv.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::array kStates = {TrialState::waiting,  TrialState::running, TrialState::paused,
                                TrialState::complete, TrialState::pruned,  TrialState::failed};

LiveStatus::Slot slot_from(const json& in) {
  LiveStatus::Slot slot;
  slot.device = in.value("device", "");
  slot.idle_reason = in.value("idle_reason", "");
  const auto trials = in.find("trials");
  if (trials == in.end()) return slot;
  for (const auto& number : *trials) slot.trials.push_back(number.get<std::int64_t>());
  return slot;
}

}  // namespace

const char* study_state(const std::optional<int>& holder, const std::string& stop_reason) {
  if (holder) return "running";
  return stop_reason.empty() ? "interrupted" : "finished";
}

LiveStatus live_status(const std::string& status_json) {
  LiveStatus status;
  const auto parsed = parse_json(status_json);
  if (!parsed || !parsed->is_object()) return status;
  try {
    for (const auto& item : parsed->value("resources", json::array())) {
      status.slots.push_back(slot_from(item));
    }
    const auto eta = parsed->find("eta_s");
    if (eta != parsed->end() && eta->is_number()) status.eta_s = eta->get<double>();
  } catch (const json::exception&) {
    // Written by another version: what could be read of it is shown.
    return status;
  }
  return status;
}

Orphans orphans_of(const LoadedStudy& loaded) {
  if (loaded.stored.holder) return {};
  return execution::live_attempts(loaded.folder(), loaded.study());
}

std::string orphans_text(const Orphans& orphans) {
  const bool is_one = orphans.size() == 1;
  std::vector<std::string> pids;
  for (const auto& orphan : orphans) {
    pids.push_back(orphan.supervisor > 0 ? std::to_string(orphan.supervisor) : "elsewhere");
  }
  return fmt::format("{} still {} without hpo: {} {}",
                     counted(static_cast<std::int64_t>(orphans.size()), "trial"),
                     is_one ? "runs" : "run", is_one ? "pid" : "pids", fmt::join(pids, ", "));
}

ordered_json orphans_json(const Orphans& orphans) {
  ordered_json list = ordered_json::array();
  for (const auto& orphan : orphans) {
    list.push_back(
        {{"trial", orphan.trial},
         {"pid", orphan.supervisor > 0 ? ordered_json(orphan.supervisor) : ordered_json()}});
  }
  return list;
}

std::string counts_text(const Study& study) {
  std::string text;
  for (const auto state : kStates) {
    const auto count = study.count(state);
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(state));
  }
  return text.empty() ? "none yet" : text;
}

ordered_json best_json(const LoadedStudy& loaded) {
  const auto best = loaded.study().best_trial();
  return best ? trial_json(loaded.study().spec, *best, loaded.folder(), current_time())
              : ordered_json();
}

ordered_json status_json(const LoadedStudy& loaded) {
  const StoredStudy& stored = loaded.stored;
  const LiveStatus live = live_status(stored.progress.status);
  ordered_json counts = ordered_json::object();
  for (const auto state : kStates) {
    const std::int64_t count = stored.study.count(state);
    // Only hyperband's trials pause.
    if (state != TrialState::paused || count > 0) counts[to_string(state)] = count;
  }
  ordered_json resources = ordered_json::array();
  for (const auto& slot : live.slots) {
    if (!stored.holder) break;
    resources.push_back(
        {{"device", slot.device},
         {"trial", slot.trials.empty() ? ordered_json() : ordered_json(slot.trials.front())},
         {"trials", slot.trials},
         {"idle_reason", text_json(slot.idle_reason)}});
  }
  ordered_json sources = ordered_json::array();
  for (const auto& use : stored.study.sources()) {
    sources.push_back(source_json(*use.source, stored.study.spec.objectives.at(0).goal));
  }
  ordered_json out = {
      {"study", loaded.name()},
      {"state", study_state(stored.holder, stored.progress.stop_reason)},
      {"pid", stored.holder ? ordered_json(*stored.holder) : ordered_json()},
      {"counts", std::move(counts)},
      {"best", best_json(loaded)},
      {"elapsed_s", stored.progress.active_s},
      {"eta_s", stored.holder ? number_json(live.eta_s) : ordered_json()},
      {"resources", std::move(resources)},
      {"warm_start", std::move(sources)},
      {"orphans", orphans_json(orphans_of(loaded))},
      {"stop_reason", text_json(stored.progress.stop_reason)},
      {"storage", std::filesystem::absolute(loaded.file).lexically_normal().string()},
      {"folder", std::filesystem::absolute(loaded.folder()).lexically_normal().string()}};
  if (stored.study.spec.objectives.size() > 1) out["front"] = gain_json(stored.study);
  return out;
}

std::string status_csv(const LoadedStudy& loaded) {
  const StoredStudy& stored = loaded.stored;
  const auto status = status_json(loaded);
  const auto best = stored.study.best_trial();
  const auto text = [&](const char* key) {
    const auto& value = status.at(key);
    if (value.is_null()) return std::string();
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  std::vector<std::string> header = {"study", "state", "pid"};
  std::vector<std::string> row = {text("study"), text("state"), text("pid")};
  for (const auto& [state, count] : status.at("counts").items()) {
    header.push_back(state);
    row.push_back(count.dump());
  }
  header.insert(header.end(), {"best_trial", "best_value", "elapsed_s", "eta_s", "stop_reason"});
  row.push_back(best ? std::to_string(best->number) : "");
  row.push_back(best ? to_text(ParameterValue(*best->value)) : "");
  for (const auto* key : {"elapsed_s", "eta_s", "stop_reason"}) row.push_back(text(key));
  if (stored.study.spec.objectives.size() > 1) {
    const auto gain = gain_of(stored.study);
    header.insert(header.end(), {"front", "hypervolume"});
    row.push_back(std::to_string(stored.study.front().size()));
    row.push_back(gain ? to_text(ParameterValue(gain->hypervolume)) : "");
  }
  return csv_line(header) + csv_line(row);
}

}  // namespace hpo::cli
