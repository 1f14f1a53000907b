#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/configuration.h"

namespace hpo {

/// How the results of another study bear on this one's.
enum class Relation {
  identical,  ///< the same program on the same data: its results are results of this study
  related,    ///< another task that may have its optimum near this one's
};

const char* to_string(Relation relation);
std::optional<Relation> relation_from(std::string_view name);

/// What another study found, as this one's space says it.
struct PriorResult {
  std::int64_t trial = 0;  ///< its number there
  /// Active parameters of this study; of a related one only those that both studies search.
  Configuration configuration = {};
  std::optional<double> value = {};  ///< in the user's unit and sense; nothing: it failed
  bool operator==(const PriorResult&) const = default;
};

/// The results of another study, read once: what becomes of that study later changes nothing here.
struct PriorStudy {
  std::string study = {};    ///< its name when it was read
  std::string storage = {};  ///< as the tuning file names it; empty: that of this study
  std::string asked = {};    ///< the relation that the tuning file names; empty: it names none
  std::string id = {};       ///< of the other study
  Relation relation = Relation::identical;
  std::string because = {};  ///< for people: why it has this relation
  /// Names of the parameters that the results tell something of, in this study's order.
  std::vector<std::string> parameters = {};
  std::vector<PriorResult> results = {};              ///< in the order of their trials
  std::map<std::string, std::int64_t> left_out = {};  ///< reason → trials
  bool operator==(const PriorStudy&) const = default;

  /// Whether the tuning file asks for both by the same words.
  [[nodiscard]] bool is_same_source(const PriorStudy& other) const {
    return study == other.study && storage == other.storage && asked == other.asked;
  }
};

/// A prior study within a study. A strategy may be edited between runs, so it has a beginning and
/// an end among the study's events.
struct PriorUse {
  std::shared_ptr<const PriorStudy> source = {};
  std::int64_t since_event = 0;                  ///< the study's last event when it came
  std::optional<std::int64_t> until_event = {};  ///< and when it went; nothing: it is used
  bool is_only_related = false;                  ///< its values cannot be those of this study

  [[nodiscard]] Relation relation() const {
    return is_only_related ? Relation::related : source->relation;
  }

  /// Whether suggestions made when the study's last event was `event` had it.
  [[nodiscard]] bool holds_at(std::int64_t event) const {
    return since_event <= event && (!until_event || event < *until_event);
  }
};

/// Lets a study that goes on after `event` use exactly the `wanted` sources. One that it uses
/// already stays as it was read. The changed uses.
std::vector<PriorUse> with_sources(std::vector<PriorUse> uses,
                                   const std::vector<PriorStudy>& wanted, std::int64_t event);

}  // namespace hpo
