#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>

#include "engine/aws/failure.h"

namespace hpo::aws {

/// How patiently calls are repeated.
struct RetryOptions {
  int attempts = 10;   ///< in all; AWS_MAX_ATTEMPTS
  double base_s = 1;   ///< the first pause is at most this long
  double most_s = 20;  ///< and the longest this
  double pace = 1;     ///< factor on every pause and interval; tests make it small
  std::uint64_t seed = 0;
};

/// The standard retry mode's quota: 500 tokens for all calls of a process, so that an outage is not
/// made worse by retries. A retry takes 5 (10 after a timeout), a success gives back what its
/// retries took, or 1.
class RetryQuota {
 public:
  /// Tokens taken, 0 where there are too few.
  int take(const Failure& failure);
  void give_back(int taken);
  [[nodiscard]] int tokens() const { return tokens_; }

 private:
  static constexpr int kCapacity = 500;
  int tokens_ = kCapacity;
};

/// Full jitter: a random time up to min(base·2^(attempt−1), most). At least what Retry-After says.
class Backoff {
 public:
  explicit Backoff(const RetryOptions& options) : options_(options), random_(options.seed) {}
  double pause_s(int attempt, const HttpResponse& response);

 private:
  RetryOptions options_;
  std::mt19937_64 random_;
};

/// Keeps calls of an operation apart, so that an account's rates are never reached by this process
/// alone.
class RateLimits {
 public:
  explicit RateLimits(double pace) : pace_(pace) {}
  /// Books the next call of the operation; returns the seconds until it may be sent.
  double book(const std::string& operation, double now_s);

 private:
  double pace_;
  std::map<std::string, double> next_s_ = {};
};

}  // namespace hpo::aws
