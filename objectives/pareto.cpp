#include "objectives/pareto.h"

#include <algorithm>
#include <numeric>

namespace hpo {
namespace {

/// The points' indices by first coordinate, then second, then index.
std::vector<std::size_t> sorted(const std::vector<ParetoPoint>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  return order;
}

}  // namespace

std::vector<std::size_t> nondominated(const std::vector<ParetoPoint>& points) {
  std::vector<std::size_t> front;
  for (const auto i : sorted(points)) {
    if (front.empty() || points[i][1] < points[front.back()][1]) front.push_back(i);
  }
  return front;
}

std::vector<std::size_t> nondomination_ranks(const std::vector<ParetoPoint>& points) {
  std::vector<std::size_t> ranks(points.size(), 0);
  std::vector<ParetoPoint> last;  // of each front the newest point, which has its least second
  for (const auto i : sorted(points)) {
    const auto& point = points[i];
    // Fronts are nested: a point that the newest of one dominates is dominated in all before it.
    const auto at = std::partition_point(last.begin(), last.end(), [&](const ParetoPoint& other) {
      return other[1] < point[1] || (other[1] == point[1] && other[0] < point[0]);
    });
    ranks[i] = static_cast<std::size_t>(at - last.begin());
    if (at == last.end()) {
      last.push_back(point);
    } else {
      *at = point;
    }
  }
  return ranks;
}

double hypervolume(const std::vector<ParetoPoint>& points, const ParetoPoint& reference) {
  double area = 0;
  double top = reference[1];
  for (const auto i : nondominated(points)) {
    const auto& point = points[i];
    if (point[0] >= reference[0] || point[1] >= top) continue;
    area += (reference[0] - point[0]) * (top - point[1]);
    top = point[1];
  }
  return area;
}

std::vector<double> exclusive_areas(const std::vector<ParetoPoint>& front,
                                    const ParetoPoint& reference) {
  std::vector<double> areas;
  for (std::size_t i = 0; i < front.size(); ++i) {
    const double right = i + 1 < front.size() ? front[i + 1][0] : reference[0];
    const double top = i > 0 ? front[i - 1][1] : reference[1];
    areas.push_back(std::max(0.0, right - front[i][0]) * std::max(0.0, top - front[i][1]));
  }
  return areas;
}

std::vector<double> distances_to_ideal(const std::vector<ParetoPoint>& front) {
  std::vector<double> distances;
  if (front.empty()) return distances;
  const double width = front.back()[0] - front.front()[0];
  const double height = front.front()[1] - front.back()[1];
  for (const auto& point : front) {
    const double u = width > 0 ? (point[0] - front.front()[0]) / width : 0;
    const double v = height > 0 ? (point[1] - front.back()[1]) / height : 0;
    distances.push_back(u * u + v * v);
  }
  return distances;
}

std::size_t knee_of(const std::vector<ParetoPoint>& front) {
  const auto distances = distances_to_ideal(front);
  return static_cast<std::size_t>(std::min_element(distances.begin(), distances.end()) -
                                  distances.begin());
}

}  // namespace hpo
