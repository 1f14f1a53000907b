#include "storage/study_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "objectives/json.h"
#include "objectives/spelling.h"
#include "storage/prior_rows.h"
#include "storage/trial_rows.h"

namespace hpo {
namespace {

constexpr const char* kReadStudy =
    "SELECT s.key, s.id, s.created_at, r.seed, s.objectives, s.space, r.config, p.last_event, "
    "p.active_s, p.stop_reason, p.status FROM study s JOIN progress p ON p.study = s.key "
    "JOIN run r ON r.study = s.key WHERE s.name = ?1 ORDER BY r.number DESC LIMIT 1";

Error damaged(const Sqlite& sqlite, std::string_view study, const std::string& what) {
  return {.code = ErrorCode::corrupt,
          .message = fmt::format("{}: study \"{}\": {}", sqlite.file(), study, what),
          .hint = "restore a copy of the database, or begin anew with --fresh"};
}

/// Objectives and constraints share a column: only objectives have a goal.
Result<void> add_demands(std::string_view text, StudySpec& spec) {
  const auto list = parse_json(text);
  if (!list) return list.error();
  for (const auto& item : *list) {
    if (item.contains("goal") || !(item.contains("min") || item.contains("max"))) {
      auto objective = objective_spec_from(item);
      if (!objective) return objective.error();
      spec.objectives.push_back(std::move(*objective));
    } else {
      auto constraint = constraint_spec_from(item);
      if (!constraint) return constraint.error();
      spec.constraints.push_back(std::move(*constraint));
    }
  }
  return {};
}

Result<SearchSpace> space_from(std::string_view text) {
  const auto list = parse_json(text);
  if (!list) return list.error();
  return search_space_from(*list);
}

std::string demands_text(const StudySpec& spec) {
  auto list = nlohmann::json::array();
  for (const auto& objective : spec.objectives) list.push_back(to_json(objective));
  for (const auto& constraint : spec.constraints) list.push_back(to_json(constraint));
  return list.dump();
}

}  // namespace

Result<std::optional<StudyRow>> read_study(Sqlite& sqlite, std::string_view name) {
  auto query = sqlite.query(kReadStudy, name);
  const auto found = query.next();
  if (!found) return found.error();
  if (!*found) return std::optional<StudyRow>();
  auto space = space_from(query.view(5));
  if (!space) return damaged(sqlite, name, "search space: " + space.error().message);
  const auto seed = seed_from(query.view(3));
  if (!seed) return damaged(sqlite, name, "its seed is not a number");
  StudySpec spec{
      .id = query.text(1), .name = std::string(name), .space = std::move(*space), .seed = *seed};
  const auto demands = add_demands(query.view(4), spec);
  if (!demands) return damaged(sqlite, name, "objectives: " + demands.error().message);
  StudyProgress progress{
      .active_s = query.real(8), .stop_reason = query.text(9), .status = query.text(10)};
  return std::optional<StudyRow>(StudyRow{.key = query.integer(0),
                                          .spec = std::move(spec),
                                          .created_at = time_from(query.integer(2)),
                                          .config = query.text(6),
                                          .last_event = query.integer(7),
                                          .progress = std::move(progress)});
}

Result<std::vector<std::string>> study_names(Sqlite& sqlite) {
  std::vector<std::string> names;
  auto query = sqlite.query("SELECT name FROM study ORDER BY created_at, key");
  while (true) {
    const auto row = query.next();
    if (!row) return row.error();
    if (!*row) return names;
    names.push_back(query.text(0));
  }
}

Error unknown_study(Sqlite& sqlite, std::string_view name) {
  const auto names = study_names(sqlite);
  if (!names) return names.error();
  Error error{.code = ErrorCode::not_found,
              .message = fmt::format("{}: no study \"{}\"", sqlite.file(), name)};
  if (names->empty()) {
    error.message += ", and no other";
    error.hint = "start one with `hpo run`, or name another file with --storage";
    return error;
  }
  error.message += fmt::format("; there are: {}", fmt::join(*names, ", "));
  const auto nearest = nearest_name(name, *names);
  error.hint = nearest.empty() ? "`hpo studies` lists them with their trials"
                               : fmt::format("did you mean \"{}\"?", nearest);
  return error;
}

Result<std::int64_t> insert_study(Sqlite& sqlite, const StudySpec& spec, TimePoint created_at) {
  const auto study = sqlite.run(
      "INSERT INTO study (id, name, created_at, objectives, space) VALUES (?1, ?2, ?3, ?4, ?5)",
      spec.id, spec.name, created_at.time_since_epoch().count(), demands_text(spec),
      to_json(spec.space).dump());
  if (!study) return study.error();
  const auto key = sqlite.last_insert_id();
  const auto progress =
      sqlite.run("INSERT INTO progress VALUES (?1, 0, ?2, '', '')", key, double{0});
  if (!progress) return progress.error();
  return key;
}

Result<void> insert_run(Sqlite& sqlite, std::int64_t key, const StoredRun& run) {
  return sqlite.run(
      "INSERT INTO run (study, number, started_at, seed, config, first_trial) VALUES "
      "(?1, (SELECT 1 + coalesce(max(number), 0) FROM run WHERE study = ?1), ?2, ?3, ?4, ?5)",
      key, run.started_at.time_since_epoch().count(), std::to_string(run.seed), run.config,
      run.first_trial);
}

Result<std::vector<StoredRun>> read_runs(Sqlite& sqlite, std::int64_t key) {
  std::vector<StoredRun> runs;
  auto query = sqlite.query(
      "SELECT number, first_trial, started_at, seed, config FROM run WHERE study = ?1 "
      "ORDER BY number",
      key);
  while (true) {
    const auto row = query.next();
    if (!row) return row.error();
    if (!*row) return runs;
    const auto seed = seed_from(query.view(3));
    if (!seed) {
      return Error{.code = ErrorCode::corrupt,
                   .message = fmt::format("{}: the seed of run {} is not a number", sqlite.file(),
                                          query.integer(0))};
    }
    StoredRun run{.number = query.integer(0),
                  .started_at = time_from(query.integer(2)),
                  .seed = *seed,
                  .config = query.text(4)};
    if (!query.is_null(1)) run.first_trial = query.integer(1);
    runs.push_back(std::move(run));
  }
}

Result<void> write_progress(Sqlite& sqlite, std::int64_t key, const StudyProgress& progress) {
  auto written = sqlite.run(
      "UPDATE progress SET active_s = ?2, stop_reason = ?3, status = ?4 WHERE study = ?1", key,
      progress.active_s, progress.stop_reason, progress.status);
  if (!written) return written;
  if (sqlite.changes() == 1) return {};
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("{}: the study was removed while it ran", sqlite.file()),
               .hint = "start it again with `hpo run`"};
}

Result<Study> assemble(Sqlite& sqlite, const StudyRow& row) {
  auto trials = read_trials(sqlite, row.key);
  if (!trials) {
    if (trials.error().code != ErrorCode::corrupt) return trials.error();
    return damaged(sqlite, row.spec.name, trials.error().message);
  }
  Study study{.spec = row.spec, .trials = std::move(*trials), .last_event = row.last_event};
  auto prior = read_prior(sqlite, row.key);
  if (!prior) {
    if (prior.error().code != ErrorCode::corrupt) return prior.error();
    return damaged(sqlite, row.spec.name, prior.error().message);
  }
  study.prior = std::move(*prior);
  for (const auto& trial : study.trials) {
    study.last_event = std::max({study.last_event, trial->created_event, trial->finished_event});
  }
  return study;
}

}  // namespace hpo
