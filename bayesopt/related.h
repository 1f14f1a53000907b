#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bayesopt/gaussian_process.h"
#include "bayesopt/mean_function.h"
#include "bayesopt/unit_cube.h"
#include "objectives/study.h"

namespace hpo {

/// A related study of strategy.warm_start as a function of this one's points: the posterior mean of
/// a process of its own results, standardised, in the coordinates that both studies search.
class RelatedStudy final : public MeanFunction {
 public:
  /// Nothing where its results have no model: fewer than 3 different ones, or all equal.
  static std::shared_ptr<const RelatedStudy> of(const UnitCube& cube, const StudySpec& spec,
                                                const PriorStudy& source);

  [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& X) const override;
  [[nodiscard]] Eigen::VectorXd gradient(const Point& x) const override;
  /// Of the other study.
  [[nodiscard]] const std::string& id() const { return id_; }

 private:
  RelatedStudy(std::string id, std::vector<bool> is_shared, GaussianProcess gp)
      : id_(std::move(id)), is_shared_(std::move(is_shared)), gp_(std::move(gp)) {}
  [[nodiscard]] Eigen::MatrixXd projected(Eigen::MatrixXd X) const;

  std::string id_;
  std::vector<bool> is_shared_;  ///< by coordinate
  GaussianProcess gp_;
};

using RelatedStudies = std::vector<std::shared_ptr<const RelatedStudy>>;

/// The models of a study's related sources, each made once.
class RelatedModels {
 public:
  explicit RelatedModels(const UnitCube& cube) : cube_(cube) {}
  /// In the sources' order, those that have a model.
  const RelatedStudies& of(const Study& study);

 private:
  const UnitCube& cube_;
  std::vector<std::shared_ptr<const PriorStudy>> sources_ = {};
  RelatedStudies models_ = {};
};

/// What a study tries before anything else: the best configuration of each related study, of at
/// most four of them, in their order. Parameters that a source does not have take the middle of
/// their range.
std::vector<Configuration> best_of_related(const UnitCube& cube, const Study& study);

}  // namespace hpo
