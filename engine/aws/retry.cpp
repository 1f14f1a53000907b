#include "engine/aws/retry.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hpo::aws {
namespace {

constexpr int kRetryCost = 5;
constexpr int kTimeoutCost = 10;
/// A service that asks for a longer pause than that is asked again all the same.
constexpr double kLongestWish = 300;

/// Calls per second, and how many may be sent at once after a pause. CreateTrainingJob throttles at
/// a few starts together; ListTrainingJobs at 2/s an account, which others use too; GetLogEvents
/// and DescribeLogStreams at 25/s.
struct Rate {
  const char* operation;
  double per_s;
  double burst;
};
constexpr Rate kRates[] = {
    {"CreateTrainingJob", 1, 2},
    {"ListTrainingJobs", 0.5, 2},
    {"DescribeTrainingJob", 8, 8},
    {"StopTrainingJob", 2, 4},
    {"AddTags", 2, 4},
    {"ListTags", 4, 8},
    {"GetLogEvents", 10, 10},
    {"DescribeLogStreams", 10, 10},
    {"FilterLogEvents", 4, 4},
    {"CreateTransformJob", 1, 2},
    {"DescribeTransformJob", 4, 4},
    {"DescribeEndpoint", 4, 4},
};

double seconds_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && value > 0 ? value : 0;  // a date is not waited for
}

}  // namespace

int RetryQuota::take(const Failure& failure) {
  const bool is_timeout = failure.transport == TransportFailure::Kind::timeout;
  const int cost = is_timeout ? kTimeoutCost : kRetryCost;
  if (tokens_ < cost) return 0;
  tokens_ -= cost;
  return cost;
}

void RetryQuota::give_back(int taken) {
  tokens_ = std::min(kCapacity, tokens_ + std::max(taken, 1));
}

double Backoff::pause_s(int attempt, const HttpResponse& response) {
  const double most = std::min(options_.base_s * std::exp2(attempt - 1), options_.most_s);
  const double jitter = std::uniform_real_distribution<double>(0, most)(random_);
  double wish = seconds_of(response.header("retry-after"));
  wish = std::max(wish, seconds_of(response.header("x-amz-retry-after")) / 1000);
  return std::max(jitter, std::min(wish, kLongestWish)) * options_.pace;
}

double RateLimits::book(const std::string& operation, double now_s) {
  const auto* rate = std::find_if(std::begin(kRates), std::end(kRates),
                                  [&](const Rate& r) { return operation == r.operation; });
  if (rate == std::end(kRates) || pace_ <= 0) return 0;
  const double apart_s = pace_ / rate->per_s;
  // A call's time is booked `burst` intervals ahead of when it would be due.
  double& next_s = next_s_[operation];
  next_s = std::max(next_s, now_s - (rate->burst - 1) * apart_s);
  const double wait_s = std::max(0.0, next_s - now_s);
  next_s += apart_s;
  return wait_s;
}

}  // namespace hpo::aws
