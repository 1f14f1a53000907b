// Gaussian-process optimisation: a short Sobol design, then the maximum of log expected improvement
// of an exact Gaussian process over all finished trials, averaged over what pending trials may
// bring. A suggestion is a function of the study and the seed.

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bayesopt/exploration.h"
#include "bayesopt/point_set.h"
#include "bayesopt/random_stream.h"
#include "bayesopt/sampler.h"
#include "bayesopt/sampler_options.h"
#include "bayesopt/sobol.h"
#include "bayesopt/suggestion_model.h"
#include "bayesopt/trust_region.h"
#include "bayesopt/unseen.h"

namespace hpo {
namespace {

/// Finite spaces of up to this many configurations are evaluated whole instead of searched.
constexpr std::uint64_t kLargestEnumerated = 2000;
constexpr std::size_t kBestPoints = 5;
constexpr int kOpenSpread = 512;
constexpr int kOpenAround = 30;

/// Initial trials without a model. Over 7 problems and 20 seeds, 3 to 5 reach after 20 trials what
/// 7 and 10 reach after 20 to 25 (Branin .42, .51, .45 against .51, .73; Levy in 10 dimensions 16,
/// 22, 22 against 21, 26) and are no worse after 50; more dimensions need a few more to tell them
/// apart.
std::int64_t default_initial_trials(Eigen::Index d) {
  return std::clamp<std::int64_t>((d + 3) / 2, 3, 8);
}

/// u with the numbers in the middle of their ranges; categories have no middle. The first trial:
/// people put ranges around what they believe in. Over the 32 problems to tune by (8 seeds), regret
/// after 10, 20 and 60 trials .256, .157, .051 against .313, .179, .058 with Sobol's own first
/// point, and .312, .219, .078 against .346, .259, .085 with 8 workers.
Eigen::VectorXd middle(const UnitCube& cube, Eigen::VectorXd u) {
  for (Eigen::Index i = 0; i < u.size(); ++i) {
    if (!cube.axis(i).is_categorical()) u[i] = 0.5;
  }
  return u;
}

/// The points that the model knows, best first. Of two objectives the front comes first, and begins
/// with another of its points each time (`number`): all parts of it are worth a look.
std::vector<Point> best_points(const Surrogate& surrogate, const Dataset& dataset,
                               std::size_t number) {
  const GaussianProcess& gp = *surrogate.objective.observed;
  std::vector<Point> points;
  if (dataset.further.empty()) {
    for (const auto row : best_first(gp)) points.push_back(gp.points().row(row).transpose());
    return points;
  }
  PointSet modelled;
  for (Eigen::Index r = 0; r < gp.points().rows(); ++r) {
    modelled.insert(Point(gp.points().row(r).transpose()));
  }
  std::vector<const Point*> by_place(dataset.observed.size());
  for (std::size_t i = 0; i < dataset.observed.size(); ++i) {
    by_place[static_cast<std::size_t>(dataset.merit.place[i])] = &dataset.observed[i];
  }
  if (const std::size_t size = dataset.merit.on_front; size > 1) {
    const auto shift = static_cast<std::ptrdiff_t>(number % size);
    std::rotate(by_place.begin(), by_place.begin() + shift,
                by_place.begin() + static_cast<std::ptrdiff_t>(size));
  }
  for (const Point* x : by_place) {
    if (modelled.contains(*x)) points.push_back(*x);
  }
  return distinct(points);
}

/// The best observed points, and a value for every coordinate: that of the best point which has it
/// active, else a random one.
SearchStart search_start(const UnitCube& cube, const Surrogate& surrogate, const Dataset& dataset,
                         std::size_t number, std::uint64_t seed) {
  SearchStart start{.fill = Point::Constant(cube.size(), kInactive),
                    .box = whole_cube(cube.size()),
                    .seed = seed,
                    .lengthscales = surrogate.objective.fitted.parameters.lengthscales};
  for (const auto& model : surrogate.further) {
    if (!model) continue;
    start.lengthscales = start.lengthscales.cwiseMin(model->fitted.parameters.lengthscales);
  }
  for (const Point& x : best_points(surrogate, dataset, number)) {
    if (start.best.size() < kBestPoints) start.best.push_back(x);
    start.fill = (start.fill.array() == kInactive).select(x, start.fill);
  }
  RandomStream random(seed, Purpose::fill);
  for (Eigen::Index i = 0; i < cube.size(); ++i) {
    const double u = random.uniform();
    if (start.fill[i] == kInactive) start.fill[i] = cube.axis(i).from_uniform(u);
  }
  return start;
}

class BayesianSampler final : public Sampler {
 public:
  BayesianSampler(const SearchSpace& space, std::optional<std::int64_t> initial_trials)
      : cube_(space),
        finite_(FiniteSpace::of(cube_, kLargestListed)),
        dimensions_(dimensions_of(cube_)),
        initial_trials_(initial_trials.value_or(default_initial_trials(cube_.size()))) {}

  Result<Suggestion> suggest(const Study& study, std::uint64_t seed) override {
    check(study.spec.space == cube_.space(), "the study has the sampler's space");
    points_.update(study);
    Dataset dataset = dataset_of(points_, study);
    dataset.related = related_.of(study);
    const auto ended = static_cast<std::int64_t>(dataset.observed.size() + dataset.failed.size());
    const auto borrowed = best_of_related(cube_, study);
    const auto next =
        std::find_if(borrowed.begin(), borrowed.end(), [&](const Configuration& configuration) {
          return !points_.contains(*cube_.encode(configuration));
        });
    if (next != borrowed.end()) {
      return Suggestion{.configuration = *next, .model = R"({"mode":"transfer"})"};
    }
    const std::int64_t tried = std::ssize(borrowed);
    if (ended < initial_trials_ + tried || dataset.observed.size() < 2) {
      return design(study, static_cast<std::uint64_t>(tried), seed);
    }
    const auto surrogate =
        fit_surrogate(dimensions_, study.spec, dataset, newest_fit(study), seed, factors_);
    if (!surrogate) return random(seed, surrogate.error().message);
    if (!*surrogate) return design(study, static_cast<std::uint64_t>(tried), seed);
    return proposal(study, dataset, **surrogate, seed);
  }

 private:
  /// The next point of the study's Sobol sequence, whose first is moved to the middle; `borrowed`
  /// trials are none of it.
  Result<Suggestion> design(const Study& study, std::uint64_t borrowed, std::uint64_t seed) const {
    const Sobol sobol(cube_.size(), seed_for(study.spec.seed, Purpose::scramble));
    const std::uint64_t all = study.trials.size();
    const std::uint64_t number = all - std::min(all, borrowed);
    auto configuration = first_unseen(cube_, finite_, points_, seed, [&](std::uint64_t k) {
      const Eigen::VectorXd u = sobol.point(number + k);
      return cube_.from_uniforms(number + k == 0 ? middle(cube_, u) : u);
    });
    if (!configuration) return configuration.error();
    return Suggestion{.configuration = std::move(*configuration), .model = R"({"mode":"design"})"};
  }

  /// A random point, where the model gives none for the reason given.
  Result<Suggestion> random(std::uint64_t seed, const std::string& reason) const {
    RandomStream stream(seed, Purpose::configuration);
    auto configuration = first_unseen(cube_, finite_, points_, seed, [&](std::uint64_t) {
      Eigen::VectorXd u(cube_.size());
      for (double& ui : u) ui = stream.uniform();
      return cube_.from_uniforms(u);
    });
    if (!configuration) return configuration.error();
    return Suggestion{.configuration = std::move(*configuration),
                      .model = nlohmann::json{{"mode", "random"}, {"reason", reason}}.dump()};
  }

  /// The unseen point of the highest acquisition that lies beside no known one; where there is
  /// none, the most uncertain of those that may be better.
  Result<Suggestion> proposal(const Study& study, const Dataset& dataset,
                              const Surrogate& surrogate, std::uint64_t seed) const {
    if (finite_ && points_.distinct() >= finite_->size()) return space_exhausted(finite_->size());
    const GaussianProcess& gp = *surrogate.objective.drawn;
    SearchStart start = search_start(cube_, surrogate, dataset, study.trials.size(), seed);
    const auto progress = progress_in(study.spec, surrogate, dataset);
    const bool is_local = is_search_local(
        progress, cube_.size(), surrogate.regime.kind == Regime::Kind::local, study.trials.size());
    if (is_local) {
      start.box =
          trust_region(cube_, gp.parameters().lengthscales, start.best.front(), progress.length);
    }
    const auto list = ranked(surrogate, start);
    const std::string_view search = is_local ? "local" : "global";
    if (auto found = first_new(study, dataset, surrogate, away_from_known(gp, list), search)) {
      return *found;
    }
    std::vector<ScoredPoint> open;
    if (study.spec.is_plain()) {
      open = open_questions(gp, surrogate.success.get(),
                            candidates(cube_, start, kOpenSpread, kOpenAround));
    }
    if (auto found = first_new(study, dataset, surrogate, open, "open")) return *found;
    if (auto found = first_new(study, dataset, surrogate, list, search)) return *found;
    return random(seed, "every point found has been tried");
  }

  /// The first of the points that no trial has.
  [[nodiscard]] std::optional<Suggestion> first_new(const Study& study, const Dataset& dataset,
                                                    const Surrogate& surrogate,
                                                    const std::vector<ScoredPoint>& list,
                                                    std::string_view search) const {
    for (const auto& found : list) {
      auto configuration = cube_.decode(found.x);
      const auto x = cube_.encode(configuration);
      if (!x || points_.contains(*x)) continue;
      auto model = suggestion_model(study, cube_, dataset, surrogate, *x, search);
      return Suggestion{.configuration = std::move(configuration), .model = std::move(model)};
    }
    return std::nullopt;
  }

  [[nodiscard]] Progress progress_in(const StudySpec& spec, const Surrogate& surrogate,
                                     const Dataset& dataset) const {
    const double scale = surrogate.objective.transform.scale;
    if (spec.is_plain()) return progress_of(dataset.y, scale, cube_.size());
    const bool has_two = spec.objectives.size() > 1;
    const double other = has_two ? surrogate.further[0]->transform.scale : 1;
    const auto values = reached(spec, dataset.merit, dataset.y, dataset.further, {scale, other});
    return progress_of(values, has_two ? 1 : scale, cube_.size());
  }

  /// Points with their acquisition, best first: all of a small space, else what a search finds.
  [[nodiscard]] std::vector<ScoredPoint> ranked(const Surrogate& surrogate,
                                                const SearchStart& start) const {
    const Acquisition& acquisition = *surrogate.acquisition;
    if (!finite_ || finite_->size() > kLargestEnumerated) {
      return search_acquisition(acquisition, cube_, start);
    }
    std::vector<Point> points;
    for (std::uint64_t k = 0; k < finite_->size(); ++k) {
      Point x = finite_->at(k);
      if (!points_.contains(x)) points.push_back(std::move(x));
    }
    return scored(acquisition, std::move(points));
  }

  UnitCube cube_;
  std::optional<FiniteSpace> finite_;
  Dimensions dimensions_;
  std::int64_t initial_trials_;
  // What is kept between suggestions; none of it changes one.
  TrialPoints points_{cube_};
  RelatedModels related_{cube_};
  FactorCaches factors_;
};

}  // namespace

Result<std::unique_ptr<Sampler>> make_bayesian_sampler(const nlohmann::json& options,
                                                       const SearchSpace& space) {
  const auto known = check_option_names("bayesian", options, {"initial_trials"});
  if (!known) return known.error();
  const auto initial_trials = integer_option(options, "initial_trials", 1);
  if (!initial_trials) return initial_trials.error();
  return std::unique_ptr<Sampler>(std::make_unique<BayesianSampler>(space, *initial_trials));
}

}  // namespace hpo
