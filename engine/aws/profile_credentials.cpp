#include "engine/aws/profile_credentials.h"

#include <fmt/format.h>

#include <boost/asio/use_awaitable.hpp>
#include <fstream>
#include <iterator>

namespace hpo::aws {
namespace {

namespace asio = boost::asio;

/// Roles that lead to roles; more of them is a circle.
constexpr int kDeepest = 5;

Error profile_error(const std::string& profile, const std::string& what, std::string hint) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("AWS profile \"{}\": {}", profile, what),
          .hint = std::move(hint)};
}

std::string session_name(const std::string& given) { return given.empty() ? "hpo" : given; }

struct WebIdentity {
  std::string token_file = {};
  std::string role = {};
  std::string session = {};
  std::string source = {};
};

asio::awaitable<Result<Credentials>> assume_by_token(const Settings& settings, Http& http,
                                                     WebIdentity identity) {
  std::ifstream in(identity.token_file);
  std::string token{std::istreambuf_iterator<char>(in), {}};
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (!in || token.empty()) {
    co_return Error{
        .code = ErrorCode::environment,
        .message = fmt::format("cannot read a web identity token from {}", identity.token_file),
        .hint = "AWS_WEB_IDENTITY_TOKEN_FILE names it"};
  }
  StsCall call{.operation = "AssumeRoleWithWebIdentity",
               .parameters = {{"RoleArn", identity.role},
                              {"RoleSessionName", session_name(identity.session)},
                              {"WebIdentityToken", token}},
               .source = identity.source};
  co_return co_await sts_credentials(settings, http, std::move(call));
}

asio::awaitable<CredentialAnswer> named_source(const Settings& settings, Http& http,
                                               std::string name) {
  if (name == "Environment") co_return environment_credentials(settings);
  if (name == "EcsContainer") co_return co_await container_credentials(settings, http);
  if (name == "Ec2InstanceMetadata") co_return co_await instance_credentials(settings, http);
  co_return std::nullopt;
}

Query role_parameters(const Settings& settings, const std::string& profile) {
  Query parameters = {
      {"RoleArn", settings.key(profile, "role_arn")},
      {"RoleSessionName", session_name(settings.key(profile, "role_session_name"))}};
  for (const auto& [key, parameter] :
       {std::pair{"external_id", "ExternalId"}, std::pair{"duration_seconds", "DurationSeconds"}}) {
    const std::string value = settings.key(profile, key);
    if (!value.empty()) parameters.emplace_back(parameter, value);
  }
  return parameters;
}

/// The keys that ask for the role: of source_profile or credential_source.
asio::awaitable<Result<Credentials>> role_source(const Settings& settings, Http& http,
                                                 std::string profile, int depth) {
  const std::string source = settings.key(profile, "source_profile");
  CredentialAnswer keys;
  if (!source.empty()) {
    if (!settings.has_profile(source)) {
      co_return profile_error(profile,
                              fmt::format("its source_profile \"{}\" does not exist", source),
                              "look for it in ~/.aws/config and ~/.aws/credentials");
    }
    keys = co_await profile_credentials(settings, http, source, source != profile, depth + 1);
  } else {
    std::string name = settings.key(profile, "credential_source");
    keys = co_await named_source(settings, http, std::move(name));
  }
  if (keys) co_return *std::move(keys);
  co_return profile_error(profile, "has a role_arn, but nothing gives the keys to take it on",
                          "add source_profile, or credential_source: Environment, EcsContainer or "
                          "Ec2InstanceMetadata");
}

asio::awaitable<Result<Credentials>> role_credentials(const Settings& settings, Http& http,
                                                      std::string profile, int depth) {
  const std::string source = fmt::format("the role of AWS profile \"{}\"", profile);
  const std::string token_file = settings.key(profile, "web_identity_token_file");
  if (!token_file.empty()) {
    WebIdentity identity{.token_file = token_file,
                         .role = settings.key(profile, "role_arn"),
                         .session = settings.key(profile, "role_session_name"),
                         .source = source};
    co_return co_await assume_by_token(settings, http, std::move(identity));
  }
  if (!settings.key(profile, "mfa_serial").empty()) {
    co_return profile_error(profile, "its role wants a code of a device (mfa_serial)",
                            "a study outlives such codes: log in with the AWS CLI and give the "
                            "profile a credential_process: aws configure export-credentials");
  }
  const auto keys = co_await role_source(settings, http, profile, depth);
  if (!keys) co_return keys.error();
  StsCall call{.operation = "AssumeRole",
               .parameters = role_parameters(settings, profile),
               .signer = &*keys,
               .source = source};
  co_return co_await sts_credentials(settings, http, std::move(call));
}

bool is_single_sign_on(const Settings& settings, const std::string& profile) {
  return !settings.key(profile, "sso_session").empty() ||
         !settings.key(profile, "sso_start_url").empty() ||
         !settings.key(profile, "login_session").empty();
}

}  // namespace

CredentialAnswer environment_credentials(const Settings& settings) {
  const std::string key = settings.variable("AWS_ACCESS_KEY_ID");
  const std::string secret = settings.variable("AWS_SECRET_ACCESS_KEY");
  if (key.empty() && secret.empty()) return std::nullopt;
  if (key.empty() || secret.empty()) {
    return Result<Credentials>(
        Error{.code = ErrorCode::environment,
              .message = fmt::format("{} is set, but {} is not",
                                     key.empty() ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID",
                                     key.empty() ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"),
              .hint = "set both, or neither"});
  }
  return Result<Credentials>(Credentials{.access_key_id = key,
                                         .secret_access_key = secret,
                                         .session_token = settings.variable("AWS_SESSION_TOKEN"),
                                         .source = "the environment"});
}

CredentialAnswer static_credentials(const Settings& settings, const std::string& profile) {
  const std::string key = settings.key(profile, "aws_access_key_id");
  const std::string secret = settings.key(profile, "aws_secret_access_key");
  if (key.empty() && secret.empty()) return std::nullopt;
  if (key.empty() || secret.empty()) {
    return Result<Credentials>(profile_error(
        profile, "has half of a key", "it needs both aws_access_key_id and aws_secret_access_key"));
  }
  return Result<Credentials>(
      Credentials{.access_key_id = key,
                  .secret_access_key = secret,
                  .session_token = settings.key(profile, "aws_session_token"),
                  .source = fmt::format("AWS profile \"{}\"", profile)});
}

asio::awaitable<CredentialAnswer> profile_credentials(const Settings& settings, Http& http,
                                                      std::string profile, bool is_role_wanted,
                                                      int depth) {
  if (depth > kDeepest) {
    co_return Result<Credentials>(
        profile_error(profile, "its roles lead in a circle", "look at the source_profile keys"));
  }
  const bool has_role = !settings.key(profile, "role_arn").empty();
  if (has_role && is_role_wanted) {
    co_return co_await role_credentials(settings, http, profile, depth);
  }
  if (auto own = static_credentials(settings, profile)) co_return *std::move(own);
  const std::string process = settings.key(profile, "credential_process");
  if (!process.empty()) {
    std::string source = fmt::format("AWS profile \"{}\"", profile);
    co_return co_await process_credentials(process, std::move(source));
  }
  if (!is_single_sign_on(settings, profile)) co_return std::nullopt;
  co_return Result<Credentials>(profile_error(
      profile, "signs on by the AWS CLI (SSO), whose logins only that program reads",
      fmt::format("log in with it, and let another profile ask it for the keys: credential_process "
                  "= aws configure export-credentials --profile {} --format process",
                  profile)));
}

asio::awaitable<CredentialAnswer> web_identity_credentials(const Settings& settings, Http& http) {
  WebIdentity identity{.token_file = settings.variable("AWS_WEB_IDENTITY_TOKEN_FILE"),
                       .role = settings.variable("AWS_ROLE_ARN"),
                       .session = settings.variable("AWS_ROLE_SESSION_NAME"),
                       .source = "this machine's web identity"};
  if (identity.token_file.empty() || identity.role.empty()) co_return std::nullopt;
  co_return co_await assume_by_token(settings, http, std::move(identity));
}

}  // namespace hpo::aws
