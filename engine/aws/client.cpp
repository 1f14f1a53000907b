#include "engine/aws/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <chrono>
#include <random>

#include "engine/aws/clock.h"
#include "engine/aws/credential_chain.h"
#include "engine/aws/pause.h"
#include "objectives/sha256.h"

namespace hpo::aws {
namespace {

namespace asio = boost::asio;

/// A model behind an endpoint may take 60 s, and the runtime some more to say so.
constexpr double kReadTimeout_s = 70;

/// A name that does not resolve is more often wrong than away; who can wait asks again.
constexpr int kUnreachableAttempts = 4;

double number_of(const std::string& text, double otherwise) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

/// Who refused what, for one pass through the loop of attempts.
struct Attempt {
  HttpResponse response = {};
  std::optional<Failure> failure = {};
  Credentials credentials = {};
};

}  // namespace

struct Client::Parts {
  Parts(const asio::any_io_executor& executor, Settings its_settings, const RetryOptions& options)
      : settings(std::move(its_settings)),
        retry(options),
        http(executor),
        chain(settings, http),
        backoff(options),
        limits(options.pace) {}

  Result<HttpRequest> request_of(const Call& call, const Credentials& credentials) const {
    const std::string& region = call.region.empty() ? settings.region : call.region;
    auto endpoint = endpoint_of(settings, call.service, region);
    if (!endpoint) return endpoint.error();
    Url url = endpoint->url;
    if (!endpoint->is_custom) url.host = call.host_prefix + url.host;
    const std::string path = url.path + call.path;
    std::vector<Header> headers = {{"Host", url.authority()}};
    headers.insert(headers.end(), call.headers.begin(), call.headers.end());
    const Signable signable{.method = call.method,
                            .path = path,
                            .query = call.query,
                            .headers = headers,
                            .payload_hash = call.payload_hash};
    const auto added =
        sign(signable, credentials,
             {.region = region, .service = traits(call.service).signing_name, .time = clock.now()});
    headers.insert(headers.end(), added.begin(), added.end());
    const std::string query = canonical_query(call.query);
    return HttpRequest{.method = call.method,
                       .url = url.origin() + path + (query.empty() ? "" : "?" + query),
                       .headers = std::move(headers),
                       .read_timeout_s = kReadTimeout_s,
                       .ca_bundle = ca_bundle(),
                       .sink = call.sink};
  }

  [[nodiscard]] std::string ca_bundle() const {
    std::string file = settings.variable("AWS_CA_BUNDLE");
    return file.empty() ? settings.key(settings.profile, "ca_bundle") : file;
  }

  static Failure own_failure(const Call& call, const Error& error) {
    return {.operation = call.operation, .own = error};
  }

  asio::awaitable<Attempt> try_once(Call& call) {
    Attempt attempt;
    auto credentials = co_await chain.get();
    if (!credentials) {
      attempt.failure = own_failure(call, credentials.error());
      co_return attempt;
    }
    attempt.credentials = *std::move(credentials);
    auto request = request_of(call, attempt.credentials);
    if (!request) {
      attempt.failure = own_failure(call, request.error());
      co_return attempt;
    }
    const double wait_s = limits.book(call.operation, steady_s());
    if (wait_s > 0) co_await pause(wait_s);
    // Lent, not copied: parts of an object are large.
    request->body = std::move(call.body);
    auto exchange = std::make_shared<HttpRequest>(*std::move(request));
    HttpOutcome outcome = co_await http.send(exchange);
    call.body = std::move(exchange->body);
    attempt.response = std::move(outcome.response);
    if (outcome.failure) {
      attempt.failure = failure_of(call.service, call.operation, *outcome.failure);
    } else if (attempt.response.status / 100 != 2 && attempt.response.status != 304) {
      attempt.failure = failure_of(call.service, call.operation, attempt.response);
    }
    co_return attempt;
  }

  [[nodiscard]] int attempts_for(const Failure& failure) const {
    const bool is_unreachable = failure.transport == TransportFailure::Kind::unreachable;
    return is_unreachable ? std::min(retry.attempts, kUnreachableAttempts) : retry.attempts;
  }

  Settings settings;
  RetryOptions retry;
  Http http;
  CredentialChain chain;
  Backoff backoff;
  RateLimits limits;
  RetryQuota quota = {};
  SkewedClock clock = {};
};

Client::Client(const asio::any_io_executor& executor, Settings settings, RetryOptions retry)
    : parts_(std::make_unique<Parts>(executor, std::move(settings), retry)) {}
Client::~Client() = default;

const Settings& Client::settings() const { return parts_->settings; }
const std::string& Client::region() const { return parts_->settings.region; }
double Client::skew_s() const { return parts_->clock.skew_s(); }

asio::awaitable<Answer> Client::send(Call& call) {
  if (call.payload_hash.empty()) call.payload_hash = hex(sha256(call.body));
  bool was_skewed = false;
  bool was_expired = false;
  int taken = 0;
  for (int number = 1;; ++number) {
    Attempt attempt = co_await parts_->try_once(call);
    if (!attempt.failure) {
      parts_->quota.give_back(taken);
      co_return Answer{.response = std::move(attempt.response)};
    }
    const Failure& failure = *attempt.failure;
    // Once each, without a pause: another clock, other keys.
    const bool is_skew =
        !was_skewed && may_be_skewed(failure) && parts_->clock.learn(attempt.response);
    const bool is_expiry = !was_expired && is_expired(failure);
    was_skewed = was_skewed || is_skew;
    was_expired = was_expired || is_expiry;
    if (is_expiry) parts_->chain.forget(attempt.credentials);
    if (!is_skew && !is_expiry) {
      const bool is_lost = failure.transport && !call.is_answer_awaited;
      const bool again =
          is_transient(failure) && !is_lost && number < parts_->attempts_for(failure);
      const int cost = again ? parts_->quota.take(failure) : 0;
      if (cost == 0) {
        co_return Answer{.response = std::move(attempt.response),
                         .failure = std::move(attempt.failure)};
      }
      taken += cost;
      const double pause_s = parts_->backoff.pause_s(number, attempt.response);
      co_await pause(pause_s);
    }
    if (call.on_retry) call.on_retry();
  }
}

RetryOptions retry_options(const Settings& settings) {
  RetryOptions options;
  const double attempts = number_of(settings.variable("AWS_MAX_ATTEMPTS"), options.attempts);
  options.attempts = std::max(1, static_cast<int>(std::min(attempts, 100.0)));
  options.pace = std::max(0.0, number_of(settings.variable("HPO_SAGEMAKER_PACE"), 1));
  options.seed = std::random_device()();
  return options;
}

Call json_call(Service service, const std::string& operation, std::string body) {
  return {.service = service,
          .operation = operation,
          .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                      {"X-Amz-Target", fmt::format("{}.{}", traits(service).target, operation)}},
          .body = std::move(body)};
}

}  // namespace hpo::aws
