// The table of built-in objectives. A new one: a factory in its own file, declared here, one line
// below.

#include <algorithm>
#include <array>
#include <string>

#include "objectives/objective.h"

namespace hpo {

std::unique_ptr<Objective> make_branin();
std::unique_ptr<Objective> make_hartmann6();
std::unique_ptr<Objective> make_ackley();

namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Objective> (*make)();
};

constexpr std::array kObjectives = {
    Entry{"branin", make_branin},
    Entry{"hartmann6", make_hartmann6},
    Entry{"ackley", make_ackley},
};

}  // namespace

Result<std::unique_ptr<Objective>> make_objective(std::string_view name) {
  const auto at = std::find_if(kObjectives.begin(), kObjectives.end(),
                               [&](const Entry& entry) { return entry.name == name; });
  if (at != kObjectives.end()) return at->make();
  std::string known;
  for (const auto& entry : kObjectives)
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  return Error{.message =
                   "unknown objective \"" + std::string(name) + "\"; expected one of " + known};
}

std::vector<std::string_view> objective_names() {
  std::vector<std::string_view> names;
  for (const auto& entry : kObjectives) names.push_back(entry.name);
  return names;
}

}  // namespace hpo
