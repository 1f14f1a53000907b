#include "engine/report/columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "engine/report/binary.h"
#include "objectives/glyphs.h"
#include "objectives/json.h"

namespace hpo::report {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMostMetrics = 4;
constexpr std::size_t kMostReasons = 2000;
constexpr std::size_t kLongestReason = 200;
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
/// Whole numbers up to here are floats of four bytes.
constexpr double kExactInFloat = 1 << 24;

constexpr std::array kStates = {TrialState::waiting,  TrialState::running, TrialState::paused,
                                TrialState::complete, TrialState::pruned,  TrialState::failed};

/// Words numbered in the order in which they come.
class Words {
 public:
  /// The number of a word; the last one where the word is empty or there are too many.
  std::uint16_t number(const std::string& word) {
    constexpr std::uint16_t kNone = std::numeric_limits<std::uint16_t>::max();
    if (word.empty() || words_.size() >= kNone) return kNone;
    const auto [at, is_new] = numbers_.emplace(word, static_cast<std::uint16_t>(words_.size()));
    if (is_new) words_.push_back(printable(word));
    return at->second;
  }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

 private:
  std::unordered_map<std::string, std::uint16_t> numbers_ = {};
  std::vector<std::string> words_ = {};
};

template <class T, class Of>
std::string column(const Study& study, Of of) {
  std::vector<T> values;
  values.reserve(study.trials.size());
  for (const auto& trial : study.trials) values.push_back(static_cast<T>(of(*trial)));
  return packed<T>(values);
}

/// What the sampler called its suggestion: the word behind "mode" in the trial's model, which is
/// looked for as text because a study has tens of thousands of them.
std::string mode_of(const Trial& trial) {
  constexpr std::string_view kKey = R"("mode":")";
  const auto key = trial.model.find(kKey);
  if (key == std::string::npos) return {};
  const auto begin = key + kKey.size();
  const auto end = trial.model.find('"', begin);
  return end == std::string::npos ? std::string() : trial.model.substr(begin, end - begin);
}

/// The values of a parameter that has no range of numbers.
const std::vector<ParameterValue>& listed_values(const Domain& domain) {
  static const std::vector<ParameterValue> kBool = {false, true};
  static const std::vector<ParameterValue> kNone = {};
  if (const auto* c = std::get_if<CategoricalParameter>(&domain)) return c->values;
  if (const auto* o = std::get_if<OrdinalParameter>(&domain)) return o->values;
  return std::holds_alternative<BoolParameter>(domain) ? kBool : kNone;
}

double number_of(const ParameterValue& value) {
  if (const auto* d = std::get_if<double>(&value)) return *d;
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  return kNothing;
}

template <class T>
std::string listed_column(const Study& study, const std::string& name,
                          const std::vector<ParameterValue>& values) {
  return column<T>(study, [&](const Trial& trial) -> std::size_t {
    constexpr std::size_t kNone = std::numeric_limits<T>::max();
    const auto at = trial.configuration.find(name);
    if (at == trial.configuration.end()) return kNone;
    const auto found = std::find(values.begin(), values.end(), at->second);
    return found == values.end() ? kNone : static_cast<std::size_t>(found - values.begin());
  });
}

bool needs_double(const Domain& domain) {
  const auto* i = std::get_if<IntParameter>(&domain);
  return i != nullptr && std::max(std::abs(static_cast<double>(i->min)),
                                  std::abs(static_cast<double>(i->max))) > kExactInFloat;
}

std::string parameter_column(const Study& study, const Parameter& parameter) {
  const auto& values = listed_values(parameter.domain);
  if (!values.empty()) {
    return values.size() < std::numeric_limits<std::uint8_t>::max()
               ? listed_column<std::uint8_t>(study, parameter.name, values)
               : listed_column<std::uint16_t>(study, parameter.name, values);
  }
  const auto of = [&](const Trial& trial) {
    const auto at = trial.configuration.find(parameter.name);
    return at == trial.configuration.end() ? kNothing : number_of(at->second);
  };
  return needs_double(parameter.domain) ? column<double>(study, of) : column<float>(study, of);
}

ordered_json parameters_json(const SearchSpace& space) {
  ordered_json list = ordered_json::array();
  const auto stored = to_json(space);
  for (std::size_t i = 0; i < space.parameters.size(); ++i) {
    ordered_json parameter = stored[i];
    if (std::holds_alternative<BoolParameter>(space.parameters[i].domain)) {
      parameter["values"] = {false, true};
    }
    list.push_back(std::move(parameter));
  }
  return list;
}

/// Metrics that are no objective, in the order of their names.
std::vector<std::string> metric_names(const Study& study) {
  std::map<std::string, bool> names;
  for (const auto& trial : study.trials) {
    for (const auto& [name, value] : trial->metrics) names.emplace(name, true);
  }
  for (const auto& objective : study.spec.objectives) names.erase(objective.metric);
  std::vector<std::string> list;
  for (const auto& [name, present] : names) list.push_back(name);
  if (list.size() > kMostMetrics) list.resize(kMostMetrics);
  return list;
}

/// The k-th objective: a trial's value, and of the others what it reported last.
double objective_of(const Study& study, const Trial& trial, std::size_t k) {
  if (k == 0) return trial.value.value_or(kNothing);
  const auto at = trial.metrics.find(study.spec.objectives[k].metric);
  return at == trial.metrics.end() ? kNothing : at->second;
}

std::optional<TimePoint> first_start(const Study& study) {
  std::optional<TimePoint> first;
  for (const auto& trial : study.trials) {
    if (trial->started_at && (!first || *trial->started_at < *first)) first = trial->started_at;
  }
  return first;
}

double seconds(TimePoint::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

ordered_json reasons_json(const Study& study) {
  ordered_json reasons = ordered_json::object();
  for (auto at = study.trials.rbegin(); at != study.trials.rend(); ++at) {
    const Trial& trial = **at;
    if (trial.reason.empty()) continue;
    std::string line = printable(trial.reason.substr(0, trial.reason.find('\n')));
    if (line.size() > kLongestReason) line = line.substr(0, kLongestReason) + "...";
    reasons[std::to_string(trial.number)] = std::move(line);
    if (reasons.size() == kMostReasons) break;
  }
  return reasons;
}

/// The words that columns count.
struct Vocabulary {
  Words failures = {};
  Words resources = {};
  Words samplers = {};
  Words modes = {};
};

/// What a trial is besides its values.
ordered_json standing_columns(const Study& study, Vocabulary& words) {
  ordered_json columns;
  columns["state"] = column<std::uint8_t>(study, [](const Trial& trial) {
    return std::find(kStates.begin(), kStates.end(), trial.state) - kStates.begin();
  });
  columns["failure"] = column<std::uint16_t>(study, [&](const Trial& trial) {
    return words.failures.number(trial.failure ? to_string(*trial.failure) : "");
  });
  columns["resource"] = column<std::uint16_t>(
      study, [&](const Trial& trial) { return words.resources.number(trial.resource); });
  columns["sampler"] = column<std::uint16_t>(
      study, [&](const Trial& trial) { return words.samplers.number(trial.sampler); });
  columns["mode"] = column<std::uint16_t>(
      study, [&](const Trial& trial) { return words.modes.number(mode_of(trial)); });
  columns["attempt"] = column<std::uint16_t>(study, [](const Trial& t) { return t.attempt; });
  return columns;
}

void add_times(const Study& study, TimePoint origin, TimePoint now, ordered_json& columns) {
  columns["started_s"] = column<float>(study, [&](const Trial& trial) {
    return trial.started_at ? seconds(*trial.started_at - origin) : kNothing;
  });
  columns["duration_s"] = column<float>(study, [&](const Trial& trial) {
    if (!trial.started_at) return kNothing;
    if (!trial.finished_at && trial.state != TrialState::running) return kNothing;
    return std::max(0.0, seconds(trial.finished_at.value_or(now) - *trial.started_at));
  });
}

void add_values(const Study& study, const std::vector<std::string>& metrics,
                ordered_json& columns) {
  columns["objectives"] = ordered_json::array();
  for (std::size_t k = 0; k < study.spec.objectives.size(); ++k) {
    columns["objectives"].push_back(
        column<double>(study, [&](const Trial& trial) { return objective_of(study, trial, k); }));
  }
  columns["parameters"] = ordered_json::array();
  for (const auto& parameter : study.spec.space.parameters) {
    columns["parameters"].push_back(parameter_column(study, parameter));
  }
  columns["metrics"] = ordered_json::array();
  for (const auto& name : metrics) {
    columns["metrics"].push_back(column<float>(study, [&](const Trial& trial) {
      const auto at = trial.metrics.find(name);
      return at == trial.metrics.end() ? kNothing : at->second;
    }));
  }
}

}  // namespace

ordered_json trials_json(const Study& study, TimePoint now) {
  const TimePoint origin = first_start(study).value_or(now);
  const auto metrics = metric_names(study);
  Vocabulary words;
  ordered_json columns = standing_columns(study, words);
  add_times(study, origin, now, columns);
  add_values(study, metrics, columns);
  ordered_json states = ordered_json::array();
  for (const auto state : kStates) states.push_back(to_string(state));
  return {{"count", study.trials.size()},
          {"states", std::move(states)},
          {"failures", words.failures.words()},
          {"resources", words.resources.words()},
          {"samplers", words.samplers.words()},
          {"modes", words.modes.words()},
          {"parameters", parameters_json(study.spec.space)},
          {"metrics", metrics},
          {"origin_ms", origin.time_since_epoch().count()},
          {"columns", std::move(columns)},
          {"reasons", reasons_json(study)}};
}

}  // namespace hpo::report
