#include "storage/trial_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "storage/trial_json.h"
#include "storage/trial_order.h"

namespace hpo {
namespace {

constexpr const char* kWriteTrial =
    "INSERT INTO trial (study, number, configuration, seed, state, metrics, value, failure, "
    "reason, "
    "sampler, seen, model, budget, continues, created_event, finished_event, attempt, retries, "
    "job, "
    "resource, artifact, started_at, finished_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
    "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23) "
    "ON CONFLICT (study, number) DO UPDATE SET configuration = excluded.configuration, "
    "seed = excluded.seed, state = excluded.state, metrics = excluded.metrics, "
    "value = excluded.value, failure = excluded.failure, reason = excluded.reason, "
    "sampler = excluded.sampler, seen = excluded.seen, model = excluded.model, "
    "budget = excluded.budget, continues = excluded.continues, "
    "created_event = excluded.created_event, finished_event = excluded.finished_event, "
    "attempt = excluded.attempt, retries = excluded.retries, job = excluded.job, "
    "resource = excluded.resource, artifact = excluded.artifact, "
    "started_at = excluded.started_at, finished_at = excluded.finished_at";

// In the order of read_trial's columns.
constexpr const char* kReadTrials =
    "SELECT number, configuration, seed, state, metrics, value, failure, reason, sampler, seen, "
    "model, budget, continues, created_event, finished_event, attempt, retries, job, resource, "
    "artifact, started_at, finished_at FROM trial WHERE study = ?1 ORDER BY number";

constexpr const char* kWriteMeasurement =
    "INSERT INTO measurement (study, trial, attempt, step, metric, value, elapsed_s, event) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
    "ON CONFLICT (study, trial, attempt, step, metric) DO NOTHING";

constexpr const char* kReadMeasurements =
    "SELECT attempt, step, event, metric, value, elapsed_s FROM measurement "
    "WHERE study = ?1 AND trial = ?2 ORDER BY attempt, step, event, metric";

std::optional<std::int64_t> stored_time(const std::optional<TimePoint>& time) {
  if (!time) return std::nullopt;
  return time->time_since_epoch().count();
}

std::optional<std::int64_t> integer_or_nothing(const SqliteQuery& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

std::optional<TimePoint> time_or_nothing(const SqliteQuery& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return time_from(row.integer(column));
}

Error damaged(std::int64_t number, std::string_view what) {
  return {.code = ErrorCode::corrupt, .message = fmt::format("trial {}: {}", number, what)};
}

/// The fields that need no translation.
Trial plain_fields(const SqliteQuery& row) {
  Trial trial;
  trial.number = row.integer(0);
  if (!row.is_null(5)) trial.value = row.real(5);
  trial.reason = row.text(7);
  trial.sampler = row.text(8);
  trial.seen = row.integer(9);
  trial.model = row.text(10);
  trial.budget = integer_or_nothing(row, 11);
  trial.continues = integer_or_nothing(row, 12);
  trial.created_event = row.integer(13);
  trial.finished_event = row.integer(14);
  trial.attempt = static_cast<int>(row.integer(15));
  trial.retries = static_cast<int>(row.integer(16));
  trial.job = row.text(17);
  trial.resource = row.text(18);
  trial.artifact = row.text(19);
  trial.started_at = time_or_nothing(row, 20);
  trial.finished_at = time_or_nothing(row, 21);
  return trial;
}

Result<Trial> read_trial(const SqliteQuery& row) {
  Trial trial = plain_fields(row);
  auto configuration = configuration_from_text(row.view(1));
  if (!configuration) return damaged(trial.number, configuration.error().message);
  trial.configuration = std::move(*configuration);
  const auto seed = seed_from(row.view(2));
  if (!seed) return damaged(trial.number, "its seed is not a number");
  trial.seed = *seed;
  const auto state = trial_state_from(row.view(3));
  if (!state) return damaged(trial.number, fmt::format("unknown state \"{}\"", row.view(3)));
  trial.state = *state;
  auto metrics = metrics_from_text(row.view(4));
  if (!metrics) return damaged(trial.number, metrics.error().message);
  trial.metrics = std::move(*metrics);
  if (row.is_null(6)) return trial;
  trial.failure = failure_class_from(row.view(6));
  if (!trial.failure) {
    return damaged(trial.number, fmt::format("unknown failure \"{}\"", row.view(6)));
  }
  return trial;
}

}  // namespace

std::optional<std::uint64_t> seed_from(std::string_view text) {
  std::uint64_t seed = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return seed;
}

TimePoint time_from(std::int64_t milliseconds) {
  return TimePoint(std::chrono::milliseconds(milliseconds));
}

Result<void> write_trial(Sqlite& sqlite, std::int64_t study, const Trial& trial) {
  const auto configuration = configuration_text(trial.configuration);
  if (!configuration) return configuration.error();
  const auto metrics = metrics_text(trial.metrics);
  if (!metrics) return metrics.error();
  std::optional<std::string_view> failure;
  if (trial.failure) failure = to_string(*trial.failure);
  return sqlite.run(kWriteTrial, study, trial.number, *configuration, std::to_string(trial.seed),
                    to_string(trial.state), *metrics, trial.value, failure, trial.reason,
                    trial.sampler, trial.seen, trial.model, trial.budget, trial.continues,
                    trial.created_event, trial.finished_event, trial.attempt, trial.retries,
                    trial.job, trial.resource, trial.artifact, stored_time(trial.started_at),
                    stored_time(trial.finished_at));
}

Result<std::vector<std::shared_ptr<const Trial>>> read_trials(Sqlite& sqlite, std::int64_t study) {
  std::vector<std::shared_ptr<const Trial>> trials;
  auto query = sqlite.query(kReadTrials, study);
  while (true) {
    const auto row = query.next();
    if (!row) return row.error();
    if (!*row) return trials;
    auto trial = read_trial(query);
    if (!trial) return trial.error();
    if (trial->number != static_cast<std::int64_t>(trials.size())) {
      return damaged(static_cast<std::int64_t>(trials.size()), "is missing");
    }
    trials.push_back(std::make_shared<const Trial>(std::move(*trial)));
  }
}

Result<void> write_measurements(Sqlite& sqlite, std::int64_t study, std::int64_t trial,
                                std::span<const Measurement> measurements) {
  {
    auto trial_row =
        sqlite.query("SELECT 1 FROM trial WHERE study = ?1 AND number = ?2", study, trial);
    const auto found = trial_row.next();
    if (!found) return found.error();
    if (!*found) return trial_never_saved(trial);
  }
  std::int64_t newest = 0;
  for (const auto& report : measurements) {
    newest = std::max(newest, report.event);
    for (const auto& [metric, value] : report.metrics) {
      auto written = sqlite.run(kWriteMeasurement, study, trial, report.attempt, report.step,
                                metric, value, report.elapsed_s, report.event);
      if (!written) return written;
    }
  }
  return sqlite.run("UPDATE progress SET last_event = ?2 WHERE study = ?1 AND last_event < ?2",
                    study, newest);
}

Result<std::vector<Measurement>> read_measurements(Sqlite& sqlite, std::int64_t study,
                                                   std::int64_t trial) {
  std::vector<Measurement> reports;
  auto query = sqlite.query(kReadMeasurements, study, trial);
  while (true) {
    const auto row = query.next();
    if (!row) return row.error();
    if (!*row) return reports;
    const auto attempt = static_cast<int>(query.integer(0));
    const auto step = query.integer(1);
    const auto event = query.integer(2);
    const bool is_new = reports.empty() || reports.back().attempt != attempt ||
                        reports.back().step != step || reports.back().event != event;
    if (is_new) {
      reports.push_back({.step = step,
                         .metrics = {},
                         .elapsed_s = query.real(5),
                         .attempt = attempt,
                         .event = event});
    }
    reports.back().metrics.emplace(query.text(3), query.real(4));
  }
}

}  // namespace hpo
