#include "trainers/calibration.h"

#include <algorithm>
#include <cmath>

#include "objectives/error.h"

namespace hpo {

Calibration calibrate(const std::vector<double>& confidences, const std::vector<bool>& right,
                      std::size_t bins) {
  check(confidences.size() == right.size() && bins > 0, "calibrate: a verdict per confidence");
  Calibration result{.bins = std::vector<CalibrationBin>(bins)};
  const auto width = 1 / static_cast<double>(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    result.bins[i].low = static_cast<double>(i) * width;
    result.bins[i].high = static_cast<double>(i + 1) * width;
  }
  for (std::size_t i = 0; i < confidences.size(); ++i) {
    const auto above = static_cast<std::size_t>(std::ceil(confidences[i] / width));
    CalibrationBin& bin = result.bins[std::clamp<std::size_t>(above, 1, bins) - 1];
    ++bin.photos;
    bin.confidence += confidences[i];
    bin.accuracy += right[i] ? 1 : 0;
    result.mean_confidence += confidences[i];
  }
  const auto n = static_cast<double>(std::max<std::size_t>(confidences.size(), 1));
  result.mean_confidence /= n;
  for (auto& bin : result.bins) {
    if (bin.photos == 0) continue;
    result.ece += std::abs(bin.accuracy - bin.confidence) / n;
    bin.confidence /= static_cast<double>(bin.photos);
    bin.accuracy /= static_cast<double>(bin.photos);
  }
  return result;
}

}  // namespace hpo
