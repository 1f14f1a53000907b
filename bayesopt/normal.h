#pragma once

namespace hpo {

/// Density phi of the standard normal distribution.
double normal_density(double z);

/// Distribution function Phi of the standard normal distribution.
double normal_cdf(double z);

/// ln Phi(z), accurate to 1e-13 relative for every z.
double log_normal_cdf(double z);

/// d ln Phi(z) / dz = phi(z) / Phi(z).
double log_normal_cdf_slope(double z);

/// The inverse of Phi. p in (0, 1).
double normal_quantile(double p);

/// ln h(z), h(z) = phi(z) + z Phi(z): the logarithm of expected improvement in units of the
/// standard deviation. Accurate to 1e-13 relative for every z.
double log_h(double z);

/// d ln h(z) / dz = Phi(z) / h(z).
double log_h_slope(double z);

}  // namespace hpo
