#include "bayesopt/unseen.h"

#include <fmt/format.h>

#include "bayesopt/random_stream.h"

namespace hpo {
namespace {

/// Draws before the rest of a finite space is searched: enough while a tenth of it is left.
constexpr std::uint64_t kFewDraws = 64;
/// Draws in a space that cannot be listed, before what its conditions open is walked through.
constexpr std::uint64_t kManyDraws = 10'000;
constexpr int kMostBranches = 1'000'000;

/// Walks the values of the parameters that others depend on, with random values of all others, to
/// a point that is not there: one with an active continuous parameter mostly is not.
class OpenBranch {
 public:
  OpenBranch(const UnitCube& cube, const TrialPoints& points, std::uint64_t seed)
      : cube_(cube), points_(points), random_(seed, Purpose::unseen) {}

  std::optional<Point> find() {
    Point x = Point::Constant(cube_.size(), kInactive);
    if (!find_from(0, x)) return std::nullopt;
    return x;
  }

 private:
  bool find_from(std::size_t from, Point& x) {
    const auto& order = cube_.parents_first();
    for (std::size_t k = from; k < order.size(); ++k) {
      const Eigen::Index i = order[k];
      const bool is_active = cube_.is_active(i, x);
      x[i] = is_active ? cube_.axis(i).from_uniform(random_.uniform()) : kInactive;
      if (!is_active || !cube_.is_parent(i) || cube_.axis(i).is_continuous()) continue;
      for (std::uint64_t level = 0; level < cube_.axis(i).levels(); ++level) {
        x[i] = cube_.axis(i).level(level);
        if (find_from(k + 1, x)) return true;
        if (branches_ == kMostBranches) return false;
      }
      return false;
    }
    ++branches_;
    return !points_.contains(*cube_.encode(cube_.decode(x)));
  }

  const UnitCube& cube_;
  const TrialPoints& points_;
  RandomStream random_;
  int branches_ = 0;
};

}  // namespace

Error space_exhausted(std::uint64_t size) {
  return {.code = ErrorCode::exhausted,
          .message = fmt::format("all {} configurations of the search space have been tried", size),
          .hint = "the study is complete; widen a parameter in a new study to go on"};
}

Result<Configuration> first_unseen(const UnitCube& cube, const std::optional<FiniteSpace>& finite,
                                   const TrialPoints& points, std::uint64_t seed,
                                   const std::function<Point(std::uint64_t)>& draw) {
  Configuration configuration;
  for (std::uint64_t k = 0; k < (finite ? kFewDraws : kManyDraws); ++k) {
    configuration = cube.decode(draw(k));
    if (!points.contains(*cube.encode(configuration))) return configuration;
  }
  if (!finite) {
    const auto open = OpenBranch(cube, points, seed).find();
    return open ? cube.decode(*open) : configuration;
  }
  if (points.distinct() >= finite->size()) return space_exhausted(finite->size());
  std::uint64_t index = RandomStream(seed, Purpose::unseen).index(finite->size());
  while (points.contains(finite->at(index))) index = (index + 1) % finite->size();
  return cube.decode(finite->at(index));
}

Result<Configuration> first_unseen(const UnitCube& cube, const std::optional<FiniteSpace>& finite,
                                   const Study& study, std::uint64_t seed,
                                   const std::function<Point(std::uint64_t)>& draw) {
  TrialPoints points(cube);
  points.update(study);
  return first_unseen(cube, finite, points, seed, draw);
}

}  // namespace hpo
