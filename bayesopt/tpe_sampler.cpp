// The tree-structured Parzen estimator: densities l of the best trials and g of all others, failed
// and running ones among them (constant liar); of points drawn from l the one with the greatest
// l/g. After a short Sobol design.

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "bayesopt/merit.h"
#include "bayesopt/parzen.h"
#include "bayesopt/random_stream.h"
#include "bayesopt/related.h"
#include "bayesopt/sampler.h"
#include "bayesopt/sampler_options.h"
#include "bayesopt/sobol.h"
#include "bayesopt/targets.h"
#include "bayesopt/tpe_split.h"
#include "bayesopt/unseen.h"

namespace hpo {
namespace {

// Figures: mean normalised regret over the 10 problems of hpo_tpe_benchmark and 20 seeds. With
// these constants it is .39, .25, .144, .103, .046 after 10, 20, 40, 60, 100 trials; Optuna 5.0's
// TPE has .47, .31, .192, .140, .093. The figures beside a constant were measured before branches
// were told apart: .38, .24, .145, .110, .064 then, of which two of the problems have any.

/// Initial trials of a Sobol design: 10 give .458 after 10 and no less later.
constexpr std::int64_t kInitialTrials = 5;
/// 24 give about .005 more throughout, 96 nothing.
constexpr std::int64_t kCandidates = 64;
/// Kernels of good trials are as narrow as those lie near each other. With one bandwidth of
/// 0.2 n^(-1/(D + 4)) for all the search never gets fine: .110 after 100 and .065 after 200, where
/// this had .085 and .038 (good: the best tenth, 10 initial trials).
constexpr ParzenOptions kGood = {.widest = 0.2, .spread = 0.8, .prior_weight = 1};
/// Bad trials tell where not to go: twice the width gives .257 instead of .248 after 20, a uniform
/// kernel that weighs 5 (.070 after 100) or 1 too little fear of what is unknown.
constexpr ParzenOptions kBad = {.widest = 0.1, .spread = 0, .prior_weight = 15};

/// The points of a study's trials. Finished trials are kept from call to call: they are shared and
/// never change, and encoding 10,000 of them takes longer than all the rest.
class EncodedTrials {
 public:
  /// In the trials' order; nothing where a trial does not lie in the space.
  const std::vector<std::optional<Point>>& of(const UnitCube& cube, const Study& study) {
    points_.resize(study.trials.size());
    trials_.resize(study.trials.size());
    for (std::size_t i = 0; i < study.trials.size(); ++i) {
      if (trials_[i] == study.trials[i]) continue;
      trials_[i] = study.trials[i];
      points_[i] = cube.encode(trials_[i]->configuration);
    }
    return points_;
  }

  /// Of the study that was looked at last.
  [[nodiscard]] const std::vector<std::optional<Point>>& known() const { return points_; }

 private:
  std::vector<std::shared_ptr<const Trial>> trials_ = {};  ///< held, so no address comes again
  std::vector<std::optional<Point>> points_ = {};
};

/// The newest 25 weigh 1; before them weights fall evenly to 1/n.
Eigen::ArrayXd weights_by_age(std::size_t n) {
  constexpr std::size_t kNewest = 25;
  Eigen::ArrayXd weights = Eigen::ArrayXd::Ones(static_cast<Eigen::Index>(n));
  if (n <= kNewest) return weights;
  const auto old = static_cast<Eigen::Index>(n - kNewest);
  weights.head(old) = Eigen::ArrayXd::LinSpaced(old, 1 / static_cast<double>(n), 1);
  return weights;
}

/// Every k-th bad trial and the newest, where there are many: a density of 2,500 kernels in tens of
/// dimensions is as good as one of 10,000, in a third of the time.
std::vector<std::size_t> thinned(const std::vector<std::size_t>& bad) {
  constexpr std::size_t kMost = 2500;
  const std::size_t spacing = (bad.size() + kMost - 1) / kMost;
  if (spacing < 2) return bad;
  std::vector<std::size_t> result;
  for (std::size_t k = (bad.size() - 1) % spacing; k < bad.size(); k += spacing) {
    result.push_back(bad[k]);
  }
  return result;
}

std::vector<const Point*> chosen_of(const std::vector<std::optional<Point>>& points,
                                    const std::vector<std::size_t>& indices) {
  std::vector<const Point*> result;
  for (const std::size_t i : indices) result.push_back(&*points[i]);
  return result;
}

bool contains(const std::vector<std::optional<Point>>& points, const Point& x) {
  return std::any_of(points.begin(), points.end(),
                     [&](const auto& point) { return point && *point == x; });
}

class TpeSampler final : public Sampler {
 public:
  TpeSampler(const SearchSpace& space, std::int64_t initial_trials, std::int64_t candidates)
      : cube_(space),
        finite_(FiniteSpace::of(cube_, kLargestListed)),
        initial_trials_(initial_trials),
        candidates_(candidates) {}

  Result<Suggestion> suggest(const Study& study, std::uint64_t seed) override {
    check(study.spec.space == cube_.space(), "the study has the sampler's space");
    const auto& own = trials_.of(cube_, study);
    KnownTrials known = known_before(study);
    const auto& points = known.roles.empty() ? own : known.points;
    if (!known.roles.empty()) known.points.insert(known.points.end(), own.begin(), own.end());
    auto roles = targets(study);
    rank_targets(study, roles);
    known.roles.insert(known.roles.end(), roles.begin(), roles.end());
    const Split split = split_trials(cube_, known.roles, points);
    const auto ended = static_cast<std::int64_t>(split.observed + split.failed);
    if (ended < initial_trials_ || split.observed == 0) return design(study, seed);
    return proposal(study, points, split, seed);
  }

 private:
  struct KnownTrials {
    std::vector<std::optional<Point>> points = {};
    std::vector<Target> roles = {};
  };

  /// What identical studies found.
  [[nodiscard]] KnownTrials known_before(const Study& study) const {
    KnownTrials known;
    for (const auto& use : study.sources()) {
      if (use.relation() != Relation::identical) continue;
      for (const auto& result : use.source->results) {
        known.points.push_back(cube_.encode(result.configuration));
        known.roles.push_back({.role = result.value ? Role::observed : Role::failed});
        if (result.value) known.roles.back().y = target_of_value(study.spec, *result.value);
      }
    }
    return known;
  }

  /// The next point of the study's Sobol sequence.
  [[nodiscard]] Result<Suggestion> design(const Study& study, std::uint64_t seed) const {
    for (const auto& configuration : best_of_related(cube_, study)) {
      if (contains(trials_.known(), *cube_.encode(configuration))) continue;
      return Suggestion{.configuration = configuration, .model = R"({"mode":"transfer"})"};
    }
    const Sobol sobol(cube_.size(), seed_for(study.spec.seed, Purpose::scramble));
    const std::uint64_t number = study.trials.size();
    auto configuration = first_unseen(cube_, finite_, study, seed, [&](std::uint64_t k) {
      return cube_.from_uniforms(sobol.point(number + k));
    });
    if (!configuration) return configuration.error();
    return Suggestion{.configuration = std::move(*configuration), .model = R"({"mode":"design"})"};
  }

  [[nodiscard]] Result<Suggestion> proposal(const Study& study,
                                            const std::vector<std::optional<Point>>& points,
                                            const Split& split, std::uint64_t seed) const {
    const auto bad = thinned(split.bad);
    const Eigen::Map<const Eigen::ArrayXd> good_weights(
        split.weights.data(), static_cast<Eigen::Index>(split.weights.size()));
    const ParzenEstimator l(cube_, chosen_of(points, split.good), good_weights, kGood);
    const ParzenEstimator g(cube_, chosen_of(points, bad), weights_by_age(bad.size()), kBad);
    RandomStream random(seed, Purpose::candidates);
    const auto ranked = drawn(l, g, branch(split, random), random);
    for (const auto& [score, x] : ranked) {
      auto configuration = cube_.decode(x);
      const auto tried = cube_.encode(configuration);
      if (!tried || contains(points, *tried)) continue;
      return Suggestion{.configuration = std::move(configuration),
                        .model = model_json(split, score)};
    }
    const Point none = Point::Constant(cube_.size(), kInactive);
    auto configuration = first_unseen(cube_, finite_, study, seed,
                                      [&](std::uint64_t) { return l.sample(none, random); });
    if (!configuration) return configuration.error();
    return Suggestion{.configuration = std::move(*configuration),
                      .model = R"({"mode":"random","reason":"every point found has been tried"})"};
  }

  using Scored = std::pair<double, Point>;

  /// Candidates from l that agree with `given`, the greatest ln l/g first.
  [[nodiscard]] std::vector<Scored> drawn(const ParzenEstimator& l, const ParzenEstimator& g,
                                          const Point& given, RandomStream& random) const {
    std::vector<Scored> ranked;
    for (std::int64_t k = 0; k < candidates_; ++k) {
      Point x = l.sample(given, random);
      const double score = l.log_density(x) - g.log_density(x);
      ranked.emplace_back(score, std::move(x));
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const Scored& a, const Scored& b) { return a.first > b.first; });
    return ranked;
  }

  /// The branch to go on in, each as often as its trials are good: by l/g of whole points that with
  /// the finest model would always win, which is the one tried most. Where there is only one, or
  /// with the chance of one never tried, nothing is given.
  [[nodiscard]] Point branch(const Split& split, RandomStream& random) const {
    const Point none = Point::Constant(cube_.size(), kInactive);
    if (split.branches.size() < 2) return none;
    const double prior = 1 / static_cast<double>(split.branches.size());
    const auto rate = [&](const BranchCount& count) {
      return (static_cast<double>(count.good) + prior) / (static_cast<double>(count.tried) + 1);
    };
    double total = prior;
    for (const auto& [key, count] : split.branches) total += rate(count);
    double left = random.uniform() * total;
    for (const auto& [key, count] : split.branches) {
      left -= rate(count);
      if (left < 0) return point_of(cube_, key);
    }
    return none;
  }

  [[nodiscard]] std::string model_json(const Split& split, double score) const {
    return nlohmann::json{{"mode", "model"},           {"n", split.observed},
                          {"good", split.good.size()}, {"failed", split.failed},
                          {"pending", split.pending},  {"candidates", candidates_},
                          {"log_ratio", score}}
        .dump();
  }

  UnitCube cube_;
  std::optional<FiniteSpace> finite_;
  std::int64_t initial_trials_;
  std::int64_t candidates_;
  EncodedTrials trials_ = {};
};

}  // namespace

Result<std::unique_ptr<Sampler>> make_tpe_sampler(const nlohmann::json& options,
                                                  const SearchSpace& space) {
  const auto known = check_option_names("tpe", options, {"initial_trials", "candidates"});
  if (!known) return known.error();
  const auto initial_trials = integer_option(options, "initial_trials", 1);
  if (!initial_trials) return initial_trials.error();
  const auto candidates = integer_option(options, "candidates", 1);
  if (!candidates) return candidates.error();
  return std::unique_ptr<Sampler>(std::make_unique<TpeSampler>(
      space, initial_trials->value_or(kInitialTrials), candidates->value_or(kCandidates)));
}

}  // namespace hpo
