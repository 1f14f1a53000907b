#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "trainers/photo_model.h"

namespace hpo {

/// Indices of the `count` greatest probabilities, the greatest first, the first of equals before
/// the others.
std::vector<std::size_t> top_classes(const Row& row, std::size_t count);

/// The document of prediction_json; with top_k its labels and probabilities are only the greatest,
/// sorted.
std::string prediction_document(const std::vector<std::string>& classes, const Row& row,
                                const std::optional<std::size_t>& top_k);

/// `class,probability` of the best `count` classes, one after the other, as fields of a CSV line.
std::vector<std::string> prediction_fields(const std::vector<std::string>& classes, const Row& row,
                                           std::size_t count);

}  // namespace hpo
