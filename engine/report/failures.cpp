#include "engine/report/failures.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/log_tail.h"
#include "engine/trial_directory.h"
#include "objectives/glyphs.h"

namespace hpo::report {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kTrials = 50;
constexpr std::size_t kExamples = 3;
constexpr std::size_t kLines = 12;
/// A longer line is no message.
constexpr std::size_t kLongestLine = 400;

ordered_json example_json(const Trial& trial, const std::filesystem::path& folder) {
  const auto log = trial_directory(folder, trial.number).log(trial.attempt);
  ordered_json lines = ordered_json::array();
  for (const auto& line : last_lines(log, kLines)) {
    lines.push_back(printable(line.substr(0, kLongestLine)));
  }
  return {{"trial", trial.number},
          {"reason", printable(trial.reason.substr(0, trial.reason.find('\n')))},
          {"lines", std::move(lines)}};
}

}  // namespace

ordered_json failures_json(const StudySource& source) {
  std::map<std::string, std::vector<const Trial*>> classes;
  const auto& trials = source.study().trials;
  for (auto at = trials.rbegin(); at != trials.rend(); ++at) {
    if ((*at)->state != TrialState::failed) continue;
    classes[(*at)->failure ? to_string(*(*at)->failure) : "other"].push_back(at->get());
  }
  std::vector<std::pair<std::string, std::vector<const Trial*>>> sorted(classes.begin(),
                                                                        classes.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
  ordered_json list = ordered_json::array();
  for (const auto& [name, failed] : sorted) {
    ordered_json numbers = ordered_json::array();
    ordered_json examples = ordered_json::array();
    for (std::size_t i = 0; i < std::min(failed.size(), kTrials); ++i) {
      numbers.push_back(failed[i]->number);
      if (i < kExamples) examples.push_back(example_json(*failed[i], source.folder));
    }
    list.push_back({{"class", name},
                    {"count", failed.size()},
                    {"trials", std::move(numbers)},
                    {"examples", std::move(examples)}});
  }
  return list;
}

}  // namespace hpo::report
