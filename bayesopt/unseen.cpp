#include "bayesopt/unseen.h"

#include <fmt/format.h>

#include <algorithm>

#include "bayesopt/random_stream.h"

namespace hpo {
namespace {

/// Draws before the rest of a finite space is searched: enough while a tenth of it is left.
constexpr std::uint64_t kFewDraws = 64;
/// Draws in a space that cannot be listed. It always holds unseen points, but they may be rare:
/// continuous children of one category among many.
constexpr std::uint64_t kManyDraws = 10'000;

}  // namespace

bool has_trial(const Study& study, const Configuration& configuration) {
  return std::any_of(study.trials.begin(), study.trials.end(),
                     [&](const auto& trial) { return trial->configuration == configuration; });
}

SeenPoints::SeenPoints(const UnitCube& cube, const Study& study) {
  for (const auto& trial : study.trials) {
    if (const auto x = cube.encode(trial->configuration)) keys_.insert(key(*x));
  }
}

Error space_exhausted(std::uint64_t size) {
  return {.code = ErrorCode::exhausted,
          .message = fmt::format("all {} configurations of the search space have been tried", size),
          .hint = "the study is complete; widen a parameter in a new study to go on"};
}

Result<Configuration> first_unseen(const UnitCube& cube, const std::optional<FiniteSpace>& finite,
                                   const Study& study, std::uint64_t seed,
                                   const std::function<Point(std::uint64_t)>& draw) {
  Configuration configuration;
  for (std::uint64_t k = 0; k < (finite ? kFewDraws : kManyDraws); ++k) {
    configuration = cube.decode(draw(k));
    if (!has_trial(study, configuration)) return configuration;
  }
  if (!finite) return configuration;
  const SeenPoints seen(cube, study);
  if (seen.size() >= finite->size()) return space_exhausted(finite->size());
  std::uint64_t index = RandomStream(seed, Purpose::unseen).index(finite->size());
  while (seen.contains(finite->at(index))) index = (index + 1) % finite->size();
  return cube.decode(finite->at(index));
}

}  // namespace hpo
