#pragma once

#include <cstdint>
#include <vector>

namespace hpo {

/// The photos whose confidence (the greatest probability) lies in (low, high].
struct CalibrationBin {
  double low = 0;
  double high = 0;
  std::int64_t photos = 0;
  double confidence = 0;  ///< mean over the photos
  double accuracy = 0;    ///< share judged rightly
};

/// Whether a model is right as often as it says.
struct Calibration {
  std::vector<CalibrationBin> bins = {};  ///< of equal width over [0, 1]
  double mean_confidence = 0;
  /// Expected calibration error: Σ (photos in bin / photos) · |accuracy − confidence|.
  double ece = 0;
};

/// One confidence in [0, 1] and one verdict per photo. Guo et al. (2017), equations 1 to 3.
Calibration calibrate(const std::vector<double>& confidences, const std::vector<bool>& right,
                      std::size_t bins = 10);

}  // namespace hpo
