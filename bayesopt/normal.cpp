// Functions of the standard normal distribution with their far left tails.
//
//   phi(z) = exp(-z²/2) / sqrt(2π),   Phi(z) = erfc(-z/√2) / 2,   h(z) = phi(z) + z Phi(z)
//   t = -z > 0,   M(t) = Phi(-t) / phi(t): Mills' ratio
//   c_k(t) = k/(t + (k+1)/(t + (k+2)/(t + ...))),   M(t) = 1/(t + c_1(t))      (Laplace 1805)
//
// In the tail h is a difference of nearly equal numbers. With the fraction it is a product:
//   h/phi = 1 - t M = c_1/(t + c_1) = c_1 M,  so  ln h = ln phi + ln M + ln c_1,  Phi/h = 1/c_1.
// This replaces the erfcx and 1/z² branches of Ament et al. (2023), "Unexpected improvements to
// expected improvement", appendix A.1, by one that loses no digits.

#include "bayesopt/normal.h"

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

namespace hpo {
namespace {

/// Left of it the continued fraction is used. Direct evaluation loses h/phi ≈ 1/z², 28 of 2^53
/// there; the fraction needs no more than kTerms terms for full precision.
constexpr double kTail = -5;
constexpr int kTerms = 60;
const double kLogSqrt2Pi = 0.5 * std::log(2 * std::numbers::pi);

/// c_1(t) for t ≥ 5.
double tail_fraction(double t) {
  double c = 0;
  for (int k = kTerms; k >= 1; --k) c = k / (t + c);
  return c;
}

double log_density(double z) { return -0.5 * z * z - kLogSqrt2Pi; }

}  // namespace

double normal_density(double z) { return std::exp(log_density(z)); }

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double log_normal_cdf(double z) {
  if (z > kTail) return std::log(normal_cdf(z));
  return log_density(z) - std::log(-z + tail_fraction(-z));
}

double log_normal_cdf_slope(double z) {
  if (z > kTail) return normal_density(z) / normal_cdf(z);
  return -z + tail_fraction(-z);
}

double normal_quantile(double p) { return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p); }

double log_h(double z) {
  if (z > kTail) return std::log(normal_density(z) + z * normal_cdf(z));
  const double c = tail_fraction(-z);
  return log_density(z) - std::log(-z + c) + std::log(c);
}

double log_h_slope(double z) {
  if (z > kTail) return normal_cdf(z) / (normal_density(z) + z * normal_cdf(z));
  return 1 / tail_fraction(-z);
}

}  // namespace hpo
