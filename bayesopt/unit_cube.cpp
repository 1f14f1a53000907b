#include "bayesopt/unit_cube.h"

#include <algorithm>

namespace hpo {

UnitCube::UnitCube(SearchSpace space) : space_(std::move(space)) {
  for (const auto& parameter : space_.parameters) axes_.emplace_back(parameter.domain);
  is_parent_.resize(axes_.size(), false);
  for (const auto& parameter : space_.parameters) {
    std::vector<Gate> gates;
    for (const auto& condition : parameter.when) {
      const auto parent =
          static_cast<std::size_t>(space_.find(condition.parent) - space_.parameters.data());
      Gate gate{.parent = static_cast<Eigen::Index>(parent)};
      for (const auto& value : condition.values) {
        gate.coordinates.push_back(axes_[parent].encode(value));
      }
      is_parent_[parent] = true;
      gates.push_back(std::move(gate));
    }
    gates_.push_back(std::move(gates));
  }
  for (const auto i : space_.parents_first()) order_.push_back(static_cast<Eigen::Index>(i));
}

bool UnitCube::is_active(Eigen::Index i, const Point& x) const {
  const auto& gates = gates_[static_cast<std::size_t>(i)];
  return std::all_of(gates.begin(), gates.end(), [&](const Gate& gate) {
    const auto& open = gate.coordinates;
    return std::find(open.begin(), open.end(), x[gate.parent]) != open.end();
  });
}

Point UnitCube::from_uniforms(const Eigen::VectorXd& u) const {
  Point x(size());
  for (const Eigen::Index i : order_) {
    x[i] = is_active(i, x) ? axis(i).from_uniform(u[i]) : kInactive;
  }
  return x;
}

void UnitCube::settle(Point& x, const Point& fill) const {
  for (const Eigen::Index i : order_) {
    const double wanted = x[i] == kInactive ? fill[i] : x[i];
    x[i] = is_active(i, x) ? axis(i).snap(wanted) : kInactive;
  }
}

std::optional<Point> UnitCube::encode(const Configuration& configuration) const {
  if (!space_.check_configuration(configuration)) return std::nullopt;
  Point x = Point::Constant(size(), kInactive);
  for (Eigen::Index i = 0; i < size(); ++i) {
    const auto at = configuration.find(space_.parameters[static_cast<std::size_t>(i)].name);
    if (at != configuration.end()) x[i] = axis(i).encode(at->second);
  }
  return x;
}

Configuration UnitCube::decode(const Point& x) const {
  Configuration configuration;
  for (Eigen::Index i = 0; i < size(); ++i) {
    if (x[i] == kInactive) continue;
    configuration.emplace(space_.parameters[static_cast<std::size_t>(i)].name,
                          axis(i).decode(x[i]));
  }
  return configuration;
}

Dimensions dimensions_of(const UnitCube& cube) {
  Dimensions dimensions;
  for (Eigen::Index i = 0; i < cube.size(); ++i) {
    const auto& parameter = cube.space().parameters[static_cast<std::size_t>(i)];
    dimensions.push_back({.is_categorical = cube.axis(i).is_categorical(),
                          .is_conditional = !parameter.when.empty()});
  }
  return dimensions;
}

Eigen::MatrixXd rows_of(const std::vector<Point>& points, Eigen::Index dimensions) {
  Eigen::MatrixXd X(static_cast<Eigen::Index>(points.size()), dimensions);
  for (Eigen::Index k = 0; k < X.rows(); ++k) {
    X.row(k) = points[static_cast<std::size_t>(k)].transpose();
  }
  return X;
}

}  // namespace hpo
