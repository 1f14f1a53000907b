#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "trainers/photo_model.h"
#include "trainers/serving/negotiation.h"

namespace hpo::serving {

/// How an answer is written.
struct AnswerForm {
  AnswerType type = AnswerType::json;
  std::optional<std::size_t> top_k = {};
  /// The photos came in {"instances": [...]}: so the answer is {"predictions": [...]}, of as many.
  bool is_list = false;
};

/// The answer to photos, one row of probabilities each (in the order of the classes).
///
/// JSON: the document of prediction_json; with top_k its labels and probabilities are only the
/// greatest, sorted. CSV: a line for each photo, `class,probability` of the best top_k classes
/// (one, unless more are asked for) one after the other.
std::string answer_text(const std::vector<std::string>& classes, const std::vector<Row>& rows,
                        const AnswerForm& form);

}  // namespace hpo::serving
