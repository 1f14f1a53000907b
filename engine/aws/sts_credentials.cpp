// Keys that STS lends for a role.

#include <fmt/format.h>

#include <boost/asio/use_awaitable.hpp>

#include "engine/aws/clock.h"
#include "engine/aws/credential_answer.h"
#include "engine/aws/credential_sources.h"
#include "engine/aws/failure.h"
#include "engine/aws/pause.h"
#include "engine/aws/retry.h"
#include "objectives/sha256.h"

namespace hpo::aws {
namespace {

namespace asio = boost::asio;

constexpr int kAttempts = 5;

HttpRequest request_of(const Endpoint& endpoint, const StsCall& call, const std::string& region,
                       TimePoint now) {
  Query parameters = call.parameters;
  parameters.emplace_back("Action", call.operation);
  parameters.emplace_back("Version", "2011-06-15");
  HttpRequest request{
      .method = "POST",
      .url = endpoint.url.origin() + endpoint.url.path + "/",
      .headers = {{"Host", endpoint.url.authority()},
                  {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
      .body = canonical_query(parameters)};
  if (call.signer == nullptr) return request;
  const Signable signable{.method = request.method,
                          .path = endpoint.url.path + "/",
                          .headers = request.headers,
                          .payload_hash = hex(sha256(request.body))};
  const auto added =
      sign(signable, *call.signer, {.region = region, .service = "sts", .time = now});
  request.headers.insert(request.headers.end(), added.begin(), added.end());
  return request;
}

}  // namespace

asio::awaitable<Result<Credentials>> sts_credentials(const Settings& settings, Http& http,
                                                     StsCall call) {
  // STS has a region everywhere; without one its first home answers.
  const std::string region = settings.region.empty() ? "us-east-1" : settings.region;
  const auto endpoint = endpoint_of(settings, Service::sts, region);
  if (!endpoint) co_return endpoint.error();
  Backoff backoff(RetryOptions{});
  SkewedClock clock;
  Failure failure;
  for (int attempt = 1; attempt <= kAttempts; ++attempt) {
    HttpRequest request = request_of(*endpoint, call, region, clock.now());
    request.ca_bundle = settings.variable("AWS_CA_BUNDLE");
    const HttpOutcome outcome = co_await http.send(std::move(request));
    if (!outcome.failure && outcome.response.status == 200) {
      co_return credentials_from_sts(outcome.response.body, call.operation, call.source);
    }
    failure = outcome.failure ? failure_of(Service::sts, call.operation, *outcome.failure)
                              : failure_of(Service::sts, call.operation, outcome.response);
    if (may_be_skewed(failure) && clock.learn(outcome.response)) continue;
    if (!is_transient(failure)) break;
    const double wait_s = backoff.pause_s(attempt, outcome.response);
    if (attempt < kAttempts) co_await pause(wait_s);
  }
  Error error = to_error(failure);
  error.message = fmt::format("no AWS keys from {}: {}", call.source, error.message);
  co_return error;
}

}  // namespace hpo::aws
