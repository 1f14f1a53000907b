#include "bayesopt/acquisition.h"

#include "objectives/error.h"

namespace hpo {

AcquisitionSum::AcquisitionSum(std::vector<std::shared_ptr<const Acquisition>> terms)
    : terms_(std::move(terms)) {
  check(!terms_.empty(), "an acquisition has a term");
}

Eigen::VectorXd AcquisitionSum::values(const Eigen::MatrixXd& X) const {
  Eigen::VectorXd sum = terms_.front()->values(X);
  for (std::size_t k = 1; k < terms_.size(); ++k) sum += terms_[k]->values(X);
  return sum;
}

double AcquisitionSum::value(const Point& x, Eigen::VectorXd& gradient) const {
  double sum = terms_.front()->value(x, gradient);
  Eigen::VectorXd slope(x.size());
  for (std::size_t k = 1; k < terms_.size(); ++k) {
    sum += terms_[k]->value(x, slope);
    gradient += slope;
  }
  return sum;
}

}  // namespace hpo
