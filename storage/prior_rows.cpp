#include "storage/prior_rows.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "objectives/json.h"
#include "storage/trial_json.h"

namespace hpo {
namespace {

using nlohmann::json;

constexpr const char* kReadUses =
    "SELECT key, name, storage, asked, id, relation, because, parameters, left_out, since_event, "
    "until_event FROM prior_study WHERE study = ?1 ORDER BY key";

Error damaged(const Sqlite& sqlite, const std::string& what) {
  return {.code = ErrorCode::corrupt,
          .message = fmt::format("{}: a prior study: {}", sqlite.file(), what)};
}

Result<void> insert_results(Sqlite& sqlite, std::int64_t prior,
                            const std::vector<PriorResult>& results) {
  for (const auto& result : results) {
    const auto configuration = configuration_text(result.configuration);
    if (!configuration) return configuration.error();
    auto written = sqlite.run("INSERT INTO prior_result VALUES (?1, ?2, ?3, ?4)", prior,
                              result.trial, *configuration, result.value);
    if (!written) return written;
  }
  return {};
}

Result<void> insert_use(Sqlite& sqlite, std::int64_t study, const PriorUse& use) {
  const PriorStudy& source = *use.source;
  auto written = sqlite.run(
      "INSERT INTO prior_study (study, name, storage, asked, id, relation, because, parameters, "
      "left_out, since_event, until_event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      study, source.study, source.storage, source.asked, source.id, to_string(source.relation),
      source.because, json(source.parameters).dump(), json(source.left_out).dump(), use.since_event,
      use.until_event);
  if (!written) return written;
  return insert_results(sqlite, sqlite.last_insert_id(), source.results);
}

Result<std::vector<PriorResult>> read_results(Sqlite& sqlite, std::int64_t prior) {
  std::vector<PriorResult> results;
  auto query = sqlite.query(
      "SELECT trial, configuration, value FROM prior_result WHERE prior = ?1 ORDER BY trial",
      prior);
  while (true) {
    const auto row = query.next();
    if (!row) return row.error();
    if (!*row) return results;
    auto configuration = configuration_from_text(query.view(1));
    if (!configuration) return damaged(sqlite, configuration.error().message);
    PriorResult result{.trial = query.integer(0), .configuration = std::move(*configuration)};
    if (!query.is_null(2)) result.value = query.real(2);
    results.push_back(std::move(result));
  }
}

/// A row without its results.
Result<PriorStudy> read_source(const Sqlite& sqlite, const SqliteQuery& row) {
  PriorStudy source{.study = row.text(1),
                    .storage = row.text(2),
                    .asked = row.text(3),
                    .id = row.text(4),
                    .because = row.text(6)};
  const auto relation = relation_from(row.view(5));
  const auto parameters = parse_json(row.view(7));
  const auto left_out = parse_json(row.view(8));
  if (!relation || !parameters || !left_out) return damaged(sqlite, "its row cannot be read");
  source.relation = *relation;
  try {
    parameters->get_to(source.parameters);
    left_out->get_to(source.left_out);
  } catch (const json::exception& error) {
    return damaged(sqlite, error.what());
  }
  return source;
}

}  // namespace

Result<void> write_prior(Sqlite& sqlite, std::int64_t study, const std::vector<PriorUse>& before,
                         const std::vector<PriorUse>& now) {
  check(before.size() <= now.size(), "uses end, none goes");
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (i >= before.size()) {
      if (auto added = insert_use(sqlite, study, now[i]); !added) return added;
    } else if (before[i].until_event != now[i].until_event) {
      auto ended = sqlite.run(
          "UPDATE prior_study SET until_event = ?2 WHERE study = ?1 AND key = (SELECT key FROM "
          "prior_study WHERE study = ?1 ORDER BY key LIMIT 1 OFFSET ?3)",
          study, now[i].until_event, static_cast<std::int64_t>(i));
      if (!ended) return ended;
    }
  }
  return {};
}

Result<std::vector<PriorUse>> read_prior(Sqlite& sqlite, std::int64_t study) {
  std::vector<PriorUse> uses;
  auto query = sqlite.query(kReadUses, study);
  while (true) {
    const auto row = query.next();
    if (!row) return row.error();
    if (!*row) return uses;
    auto source = read_source(sqlite, query);
    if (!source) return source.error();
    auto results = read_results(sqlite, query.integer(0));
    if (!results) return results.error();
    source->results = std::move(*results);
    PriorUse use{.source = std::make_shared<const PriorStudy>(std::move(*source)),
                 .since_event = query.integer(9)};
    if (!query.is_null(10)) use.until_event = query.integer(10);
    uses.push_back(std::move(use));
  }
}

}  // namespace hpo
