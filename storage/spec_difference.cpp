#include "storage/spec_difference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <set>

#include "objectives/json.h"

namespace hpo {
namespace {

using nlohmann::json;

/// One line for each member that differs between two objects, `place.member: ...`.
void compare(const std::string& place, const json& stored, const json& now,
             std::vector<std::string>& lines) {
  std::set<std::string> members;
  for (const auto& [name, value] : stored.items()) members.insert(name);
  for (const auto& [name, value] : now.items()) members.insert(name);
  for (const auto& name : members) {
    const bool was = stored.contains(name);
    const bool is = now.contains(name);
    if (was && is && stored.at(name) == now.at(name)) continue;
    lines.push_back(fmt::format("{}.{}: was {}, now {}", place, name,
                                was ? stored.at(name).dump() : "absent",
                                is ? now.at(name).dump() : "absent"));
  }
}

void compare_spaces(const SearchSpace& stored, const SearchSpace& now,
                    std::vector<std::string>& lines) {
  for (const auto& parameter : stored.parameters) {
    const auto* same = now.find(parameter.name);
    const std::string place = "parameters." + parameter.name;
    if (same == nullptr) {
      lines.push_back(place + ": was there, now absent");
    } else if (!(*same == parameter)) {
      const auto before = to_json(SearchSpace{.parameters = {parameter}});
      const auto after = to_json(SearchSpace{.parameters = {*same}});
      compare(place, before.at(0), after.at(0), lines);
    }
  }
  for (const auto& parameter : now.parameters) {
    if (stored.find(parameter.name) != nullptr) continue;
    lines.push_back("parameters." + parameter.name + ": was absent, now there");
  }
}

template <class Demand>
void compare_demands(const std::string& place, const std::vector<Demand>& stored,
                     const std::vector<Demand>& now, std::vector<std::string>& lines) {
  if (stored.size() != now.size()) {
    lines.push_back(fmt::format("{}: there were {}, now {}", place, stored.size(), now.size()));
    return;
  }
  for (std::size_t i = 0; i < now.size(); ++i) {
    const auto at = now.size() == 1 ? place : fmt::format("{}.{}", place, i);
    compare(at, to_json(stored[i]), to_json(now[i]), lines);
  }
}

}  // namespace

std::vector<std::string> spec_differences(const StudySpec& stored, const StudySpec& now) {
  std::vector<std::string> lines;
  compare_demands("objective", stored.objectives, now.objectives, lines);
  compare_demands("constraints", stored.constraints, now.constraints, lines);
  compare_spaces(stored.space, now.space, lines);
  return lines;
}

Result<void> check_same_problem(const StudySpec& stored, const StudySpec& now) {
  const auto lines = spec_differences(stored, now);
  if (lines.empty()) return {};
  return Error{.message = fmt::format("study \"{}\" exists with another {} or search space:\n"
                                      "  {}",
                                      now.name,
                                      now.constraints.empty() && stored.constraints.empty()
                                          ? "objective"
                                          : "objective, constraint",
                                      fmt::join(lines, "\n  ")),
               .hint =
                   "undo the change, begin anew with --fresh (the old study is renamed, never "
                   "deleted), or give it another name: --set study=NAME"};
}

}  // namespace hpo
