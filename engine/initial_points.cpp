#include "engine/initial_points.h"

#include <algorithm>

namespace hpo {

bool has_tried(const Study& study, const std::vector<Configuration>& initial, std::size_t i) {
  const auto end = initial.begin() + static_cast<std::ptrdiff_t>(i) + 1;
  const auto named = std::count(initial.begin(), end, initial[i]);
  const auto tried =
      std::count_if(study.trials.begin(), study.trials.end(),
                    [&](const auto& trial) { return trial->configuration == initial[i]; });
  return tried >= named;
}

}  // namespace hpo
