#include "bayesopt/related.h"

#include <algorithm>
#include <numeric>

#include "bayesopt/dataset.h"
#include "bayesopt/fit.h"
#include "bayesopt/regime.h"
#include "bayesopt/targets.h"
#include "objectives/seed.h"

namespace hpo {
namespace {

constexpr std::size_t kFewestResults = 3;
/// Configurations that are borrowed, each at the price of a trial where its study misleads. Two of
/// a study instead of one gain nothing where it helps, and leave .40 to .48 instead of .36 to .40
/// after 20 trials where its optimum lies elsewhere (hpo_transfer_benchmark).
constexpr std::size_t kMostBorrowed = 4;

/// The point of a configuration that may lack parameters: their coordinates are kInactive.
Point partial_point(const UnitCube& cube, const Configuration& configuration) {
  Point x = Point::Constant(cube.size(), kInactive);
  for (Eigen::Index i = 0; i < cube.size(); ++i) {
    const auto& parameter = cube.space().parameters[static_cast<std::size_t>(i)];
    const auto at = configuration.find(parameter.name);
    if (at != configuration.end()) x[i] = cube.axis(i).encode(at->second);
  }
  return x;
}

Dataset dataset_of(const UnitCube& cube, const StudySpec& spec, const PriorStudy& source) {
  Dataset dataset;
  for (const auto& result : source.results) {
    if (!result.value) continue;
    dataset.observed.push_back(partial_point(cube, result.configuration));
    dataset.y.push_back(target_of_value(spec, *result.value));
  }
  return dataset;
}

/// The process of the results, fitted from its priors.
std::optional<GaussianProcess> process_of(const UnitCube& cube, const Dataset& dataset) {
  std::vector<std::size_t> rows(dataset.y.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const auto transform = winsorized_zscore(
      Eigen::Map<const Eigen::VectorXd>(dataset.y.data(), static_cast<Eigen::Index>(rows.size())));
  if (!transform) return std::nullopt;
  const TrainingData data =
      training_data(dimensions_of(cube), dataset, chosen_of(dataset.y, rows, kFitRows), *transform);
  FitOptions options{.starts = {prior_center(cube.size())}};
  for (std::uint64_t k = 0; k < 4; ++k) {
    options.starts.push_back(prior_draw(cube.size(), mix_seed(0, k)));
  }
  const auto fitted = fit(data, options);
  if (!fitted) return std::nullopt;
  auto gp = GaussianProcess::condition(data, fitted->parameters);
  if (!gp) return std::nullopt;
  return std::move(*gp);
}

}  // namespace

std::shared_ptr<const RelatedStudy> RelatedStudy::of(const UnitCube& cube, const StudySpec& spec,
                                                     const PriorStudy& source) {
  const Dataset dataset = dataset_of(cube, spec, source);
  if (distinct(dataset.observed).size() < kFewestResults) return nullptr;
  auto gp = process_of(cube, dataset);
  if (!gp) return nullptr;
  std::vector<bool> is_shared;
  for (const auto& parameter : cube.space().parameters) {
    const auto& names = source.parameters;
    is_shared.push_back(std::find(names.begin(), names.end(), parameter.name) != names.end());
  }
  return std::shared_ptr<const RelatedStudy>(
      new RelatedStudy(source.id, std::move(is_shared), std::move(*gp)));
}

Eigen::MatrixXd RelatedStudy::projected(Eigen::MatrixXd X) const {
  for (Eigen::Index i = 0; i < X.cols(); ++i) {
    if (!is_shared_[static_cast<std::size_t>(i)]) X.col(i).setConstant(kInactive);
  }
  return X;
}

Eigen::VectorXd RelatedStudy::values(const Eigen::MatrixXd& X) const {
  return gp_.means(projected(X)).col(0);
}

Eigen::VectorXd RelatedStudy::gradient(const Point& x) const {
  const Point at = projected(x.transpose()).transpose();
  const Eigen::VectorXd one = Eigen::VectorXd::Ones(1);
  return gp_.gradient(at, gp_.predict_point(at), one, 0);
}

const RelatedStudies& RelatedModels::of(const Study& study) {
  std::vector<std::shared_ptr<const PriorStudy>> sources;
  for (const auto& use : study.sources()) {
    if (use.relation() == Relation::related) sources.push_back(use.source);
  }
  if (sources == sources_) return models_;
  models_.clear();
  for (const auto& source : sources) {
    if (auto model = RelatedStudy::of(cube_, study.spec, *source)) {
      models_.push_back(std::move(model));
    }
  }
  sources_ = std::move(sources);
  return models_;
}

std::vector<Configuration> best_of_related(const UnitCube& cube, const Study& study) {
  Point middle(cube.size());
  for (Eigen::Index i = 0; i < cube.size(); ++i) middle[i] = cube.axis(i).from_uniform(0.5);
  std::vector<Configuration> result;
  for (const auto& use : study.sources()) {
    if (use.relation() != Relation::related || result.size() == kMostBorrowed) continue;
    const PriorResult* best = nullptr;
    for (const auto& known : use.source->results) {
      if (!known.value) continue;
      if (best == nullptr ||
          target_of_value(study.spec, *known.value) < target_of_value(study.spec, *best->value)) {
        best = &known;
      }
    }
    if (best == nullptr) continue;
    Configuration configuration = best->configuration;
    if (!cube.space().check_configuration(configuration)) {
      Point x = partial_point(cube, configuration);
      cube.settle(x, middle);
      configuration = cube.decode(x);
    }
    const bool is_new = std::find(result.begin(), result.end(), configuration) == result.end();
    if (is_new) result.push_back(std::move(configuration));
  }
  return result;
}

}  // namespace hpo
