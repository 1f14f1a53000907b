#pragma once

#include "engine/aws/http.h"

namespace hpo::aws {

/// This machine's time, corrected by what a service's clock is ahead.
class SkewedClock {
 public:
  [[nodiscard]] TimePoint now() const;
  [[nodiscard]] double skew_s() const { return skew_s_; }

  /// Learns the service's clock from its answer's Date. Returns whether it differs so much that a
  /// signature may have been refused for it.
  bool learn(const HttpResponse& response);

 private:
  double skew_s_ = 0;
};

}  // namespace hpo::aws
