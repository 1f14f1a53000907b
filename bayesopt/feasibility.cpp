#include "bayesopt/feasibility.h"

#include <algorithm>
#include <numeric>

#include "bayesopt/classifier.h"

namespace hpo {
namespace {

/// Trials of either kind that the classifier uses.
constexpr std::size_t kMostLabels = 40;

}  // namespace

Result<std::optional<GaussianProcess>> feasibility_model(const Dimensions& dimensions,
                                                         const Dataset& dataset) {
  if (dataset.failed.empty()) return std::optional<GaussianProcess>{};
  std::vector<Point> points;
  std::vector<std::size_t> rows(dataset.y.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  for (const auto i : chosen_of(dataset.order(), rows, kMostLabels)) {
    points.push_back(dataset.observed[i]);
  }
  const auto evaluated = static_cast<Eigen::Index>(points.size());
  const auto newest = static_cast<std::ptrdiff_t>(std::min(dataset.failed.size(), kMostLabels));
  points.insert(points.end(), dataset.failed.end() - newest, dataset.failed.end());
  const Eigen::MatrixXd X = rows_of(points, static_cast<Eigen::Index>(dimensions.size()));
  Eigen::VectorXd labels = Eigen::VectorXd::Constant(X.rows(), -1);
  labels.head(evaluated).setOnes();
  auto latent = fit_classifier(dimensions, X, labels);
  if (!latent) return latent.error();
  return std::optional<GaussianProcess>(std::move(*latent));
}

}  // namespace hpo
