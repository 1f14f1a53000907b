#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trainers/report/evaluation_report.h"

namespace hpo {

/// A photo of the report with what the model looked at, as JPEGs.
struct ShownPhoto {
  std::size_t index = 0;  ///< into EvaluationReport::photos
  std::vector<std::uint8_t> photo = {};
  std::vector<std::uint8_t> grad_cam = {};
  std::vector<std::uint8_t> gradient = {};
};

/// The two photos of a pair of DuplicateSearch, as JPEGs.
struct ShownDuplicate {
  std::size_t index = 0;  ///< into DuplicateSearch::pairs
  std::vector<std::uint8_t> photo = {};
  std::vector<std::uint8_t> training = {};
};

/// The pictures that the page embeds; the page says how many it leaves out.
struct EvaluationPictures {
  std::vector<ShownPhoto> wrong = {};
  std::vector<ShownPhoto> right = {};  ///< for comparison
  std::vector<ShownDuplicate> duplicates = {};
};

/// The report as one HTML page that needs nothing else: no request leaves it, no script runs.
std::string evaluation_page(const EvaluationReport& report, const EvaluationPictures& pictures);

}  // namespace hpo
