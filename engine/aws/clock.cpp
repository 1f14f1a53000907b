#include "engine/aws/clock.h"

#include <curl/curl.h>

#include <chrono>
#include <cmath>

namespace hpo::aws {
namespace {

/// AWS takes signatures of up to 5 minutes' difference; below 4 a refusal has another reason.
constexpr double kBearable_s = 240;

}  // namespace

TimePoint SkewedClock::now() const {
  const auto skew = std::chrono::milliseconds(static_cast<std::int64_t>(skew_s_ * 1000));
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
         skew;
}

bool SkewedClock::learn(const HttpResponse& response) {
  const std::time_t there = curl_getdate(response.header("date").c_str(), nullptr);
  if (there < 0) return false;
  const std::chrono::duration<double> here = std::chrono::system_clock::now().time_since_epoch();
  const double skew_s = static_cast<double>(there) - here.count();
  if (std::abs(skew_s - skew_s_) < kBearable_s) return false;
  skew_s_ = skew_s;
  return true;
}

}  // namespace hpo::aws
