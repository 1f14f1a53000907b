// Keys of the machine's own role: from the metadata services of containers and instances.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <fstream>
#include <iterator>

#include "engine/aws/credential_answer.h"
#include "engine/aws/credential_sources.h"
#include "engine/aws/pause.h"

namespace hpo::aws {
namespace {

namespace asio = boost::asio;

constexpr const char* kContainerHost = "http://169.254.170.2";
constexpr const char* kInstanceHost = "http://169.254.169.254";
constexpr const char* kContainerSource = "the container's metadata service";
constexpr const char* kInstanceSource = "the instance's metadata service";
/// ECS and EKS answer from this machine; a task's role may take a moment after its start.
constexpr int kContainerAttempts = 3;

double number_of(const std::string& text, double otherwise) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0 ? value : otherwise;
}

/// Keys travel over plain http only where nobody else listens.
bool is_safe(const Url& url) {
  constexpr std::array kHosts = {"localhost",     "127.0.0.1",      "[::1]",
                                 "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
  return url.scheme == "https" || std::find(kHosts.begin(), kHosts.end(), url.host) != kHosts.end();
}

Error no_answer(const char* source, const HttpOutcome& outcome) {
  const std::string why =
      outcome.failure ? outcome.failure->message : fmt::format("HTTP {}", outcome.response.status);
  return {.code = ErrorCode::environment,
          .message = fmt::format("{} gave no AWS keys: {}", source, why),
          .hint = "does this machine's role exist?"};
}

Result<std::string> authorization_token(const Settings& settings) {
  const std::string file = settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (file.empty()) return settings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  std::ifstream in(file);
  std::string token{std::istreambuf_iterator<char>(in), {}};
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (in && token.find_first_of("\r\n") == std::string::npos) return token;
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("cannot read a token from {}", file),
               .hint = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names it"};
}

Result<HttpRequest> container_request(const Settings& settings, const std::string& address) {
  const auto url = parse_url(address);
  if (!url) return url.error();
  if (!is_safe(*url)) {
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("keys would travel unprotected from {}", url->host),
                 .hint = "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https or this machine's own"};
  }
  auto token = authorization_token(settings);
  if (!token) return token.error();
  HttpRequest request{
      .url = address, .connect_timeout_s = 2, .read_timeout_s = 5, .is_local = true};
  if (!token->empty()) request.headers.push_back({"Authorization", *token});
  return request;
}

}  // namespace

asio::awaitable<CredentialAnswer> container_credentials(const Settings& settings, Http& http) {
  const std::string relative = settings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string full = settings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (relative.empty() && full.empty()) co_return std::nullopt;
  const auto request =
      container_request(settings, relative.empty() ? full : kContainerHost + relative);
  if (!request) co_return Result<Credentials>(request.error());
  HttpOutcome outcome;
  for (int attempt = 1; attempt <= kContainerAttempts; ++attempt) {
    if (attempt > 1) co_await pause(0.2 * attempt);
    HttpRequest copy = *request;
    outcome = co_await http.send(std::move(copy));
    if (!outcome.failure && outcome.response.status == 200) {
      co_return credentials_from_json(outcome.response.body, kContainerSource);
    }
  }
  co_return Result<Credentials>(no_answer(kContainerSource, outcome));
}

asio::awaitable<CredentialAnswer> instance_credentials(const Settings& settings, Http& http) {
  if (settings.is_on("AWS_EC2_METADATA_DISABLED", "ec2_metadata_disabled")) co_return std::nullopt;
  std::string host = settings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (host.empty()) host = kInstanceHost;
  while (host.ends_with('/')) host.pop_back();
  const double timeout_s = number_of(settings.variable("AWS_METADATA_SERVICE_TIMEOUT"), 1);
  const double attempts = number_of(settings.variable("AWS_METADATA_SERVICE_NUM_ATTEMPTS"), 1);
  const HttpRequest plain{
      .connect_timeout_s = timeout_s, .read_timeout_s = std::max(1.0, timeout_s), .is_local = true};
  HttpOutcome outcome;
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    HttpRequest request = plain;
    request.method = "PUT";
    request.url = host + "/latest/api/token";
    request.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    outcome = co_await http.send(std::move(request));
    if (!outcome.failure && outcome.response.status == 200) break;
  }
  // No such service: this is no instance of EC2.
  if (outcome.failure || outcome.response.status != 200) co_return std::nullopt;
  const Header token{"x-aws-ec2-metadata-token", outcome.response.body};
  const std::string base = host + "/latest/meta-data/iam/security-credentials/";
  HttpRequest ask_role = plain;
  ask_role.url = base;
  ask_role.headers = {token};
  outcome = co_await http.send(std::move(ask_role));
  if (!outcome.failure && outcome.response.status == 404) co_return std::nullopt;  // no role
  if (outcome.failure || outcome.response.status != 200) {
    co_return Result<Credentials>(no_answer(kInstanceSource, outcome));
  }
  const std::string role = outcome.response.body.substr(0, outcome.response.body.find('\n'));
  HttpRequest ask_keys = plain;
  ask_keys.url = base + percent_encode(role);
  ask_keys.headers = {token};
  outcome = co_await http.send(std::move(ask_keys));
  if (outcome.failure || outcome.response.status != 200) {
    co_return Result<Credentials>(no_answer(kInstanceSource, outcome));
  }
  co_return credentials_from_json(outcome.response.body, kInstanceSource);
}

}  // namespace hpo::aws
