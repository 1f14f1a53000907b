#include "trainers/serving/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "objectives/csv.h"
#include "objectives/error.h"
#include "trainers/evaluation.h"

namespace hpo::serving {
namespace {

/// Indices of the `count` greatest, the greatest first, the first of equals before the others.
std::vector<std::size_t> greatest(const Row& row, std::size_t count) {
  std::vector<std::size_t> order(row.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return row[a] > row[b]; });
  order.resize(std::min(count, order.size()));
  return order;
}

std::string document(const std::vector<std::string>& classes, const Row& row,
                     const std::optional<std::size_t>& top_k) {
  if (!top_k) return prediction_json(classes, row);
  std::vector<std::string> labels;
  Row probabilities;
  for (const std::size_t i : greatest(row, *top_k)) {
    labels.push_back(classes[i]);
    probabilities.push_back(row[i]);
  }
  return prediction_json(labels, probabilities);
}

std::string line(const std::vector<std::string>& classes, const Row& row, std::size_t count) {
  std::vector<std::string> fields;
  for (const std::size_t i : greatest(row, count)) {
    fields.push_back(classes[i]);
    fields.push_back(fmt::format("{}", row[i]));
  }
  return csv_line(fields);
}

}  // namespace

std::string answer_text(const std::vector<std::string>& classes, const std::vector<Row>& rows,
                        const AnswerForm& form) {
  check(form.is_list || rows.size() == 1, "an answer that is no list is of one photo");
  std::string text;
  if (form.type == AnswerType::csv) {
    for (const Row& row : rows) text += line(classes, row, form.top_k.value_or(1));
    return text;
  }
  if (!form.is_list) return document(classes, rows[0], form.top_k) + "\n";
  for (const Row& row : rows) {
    text += text.empty() ? "{\"predictions\":[" : ",";
    text += document(classes, row, form.top_k);
  }
  return text + "]}\n";
}

}  // namespace hpo::serving
