#include "trainers/prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "trainers/evaluation.h"

namespace hpo {

std::vector<std::size_t> top_classes(const Row& row, std::size_t count) {
  std::vector<std::size_t> order(row.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return row[a] > row[b]; });
  order.resize(std::min(count, order.size()));
  return order;
}

std::string prediction_document(const std::vector<std::string>& classes, const Row& row,
                                const std::optional<std::size_t>& top_k) {
  if (!top_k) return prediction_json(classes, row);
  std::vector<std::string> labels;
  Row probabilities;
  for (const std::size_t i : top_classes(row, *top_k)) {
    labels.push_back(classes[i]);
    probabilities.push_back(row[i]);
  }
  return prediction_json(labels, probabilities);
}

std::vector<std::string> prediction_fields(const std::vector<std::string>& classes, const Row& row,
                                           std::size_t count) {
  std::vector<std::string> fields;
  for (const std::size_t i : top_classes(row, count)) {
    fields.push_back(classes[i]);
    fields.push_back(fmt::format("{}", row[i]));
  }
  return fields;
}

}  // namespace hpo
