#include "objectives/prior.h"

#include <algorithm>

namespace hpo {

const char* to_string(Relation relation) {
  return relation == Relation::identical ? "identical" : "related";
}

std::optional<Relation> relation_from(std::string_view name) {
  if (name == "identical") return Relation::identical;
  if (name == "related") return Relation::related;
  return std::nullopt;
}

std::vector<PriorUse> with_sources(std::vector<PriorUse> uses,
                                   const std::vector<PriorStudy>& wanted, std::int64_t event) {
  for (auto& use : uses) {
    const bool stays = std::any_of(wanted.begin(), wanted.end(), [&](const PriorStudy& source) {
      return source.is_same_source(*use.source);
    });
    if (!stays && !use.until_event) use.until_event = event;
  }
  for (const auto& source : wanted) {
    const bool is_used = std::any_of(uses.begin(), uses.end(), [&](const PriorUse& use) {
      return !use.until_event && source.is_same_source(*use.source);
    });
    if (is_used) continue;
    uses.push_back({.source = std::make_shared<const PriorStudy>(source), .since_event = event});
  }
  return uses;
}

}  // namespace hpo
