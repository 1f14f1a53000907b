#include "engine/report/page_data.h"

#include <nlohmann/json.hpp>

#include "engine/report/columns.h"
#include "engine/report/curves.h"
#include "engine/report/failures.h"
#include "engine/report/model_json.h"
#include "engine/report/standing.h"
#include "engine/report/winner.h"
#include "engine/report/words.h"
#include "engine/tuning_config.h"
#include "objectives/glyphs.h"
#include "objectives/json.h"

namespace hpo::report {
namespace {

using nlohmann::ordered_json;

/// Of the last run; empty for a configuration that another version wrote.
std::string strategy_text(const StoredStudy& stored) {
  const auto strategy = strategy_of(stored.config);
  return strategy ? printable(strategy->name) : "";
}

ordered_json answers_json(const Answers& answers) {
  return {{"searched", answers.searched}, {"won", answers.won},       {"why", answers.why},
          {"mattered", answers.mattered}, {"failed", answers.failed}, {"next", answers.next}};
}

Result<ordered_json> study_json(const StudySource& source, TimePoint now) {
  const Study& study = source.study();
  auto curves = curves_json(source);
  if (!curves) return curves.error();
  const Knowledge known = knowledge_of(study);
  ordered_json objectives = ordered_json::array();
  for (const auto& objective : study.spec.objectives) objectives.emplace_back(to_json(objective));
  return ordered_json{{"name", printable(study.spec.name)},
                      {"state", standing_of(source.stored)},
                      {"created_at", to_iso8601(source.stored.created_at)},
                      {"active_s", source.stored.progress.active_s},
                      {"strategy", strategy_text(source.stored)},
                      {"objectives", std::move(objectives)},
                      {"answers", answers_json(answers(source, known))},
                      {"winner", winner_json(source)},
                      {"failures", failures_json(source)},
                      {"curves", std::move(*curves)},
                      {"model", model_json(study, known)},
                      {"trials", trials_json(study, now)}};
}

/// JSON has `<` only inside strings, where it may be written as an escape: so no text of a study
/// ends the script element that it stands in.
std::string inside_script(const std::string& json) {
  std::string text;
  text.reserve(json.size() + json.size() / 64);
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

Result<std::string> page_data(const std::vector<StudySource>& studies, const std::string& version,
                              TimePoint now) {
  ordered_json list = ordered_json::array();
  for (const auto& source : studies) {
    auto study = study_json(source, now);
    if (!study) return study.error();
    list.push_back(std::move(*study));
  }
  const ordered_json data = {{"schema", 1},
                             {"version", version},
                             {"made_at", to_iso8601(now)},
                             {"studies", std::move(list)}};
  return inside_script(data.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

}  // namespace hpo::report
