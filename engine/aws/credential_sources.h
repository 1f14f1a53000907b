#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "engine/aws/credentials.h"
#include "engine/aws/http.h"
#include "engine/aws/settings.h"
#include "objectives/error.h"

// Where keys come from, one function each. Nothing: this source is not set up.
namespace hpo::aws {

using CredentialAnswer = std::optional<Result<Credentials>>;

CredentialAnswer environment_credentials(const Settings& settings);
CredentialAnswer static_credentials(const Settings& settings, const std::string& profile);

/// The metadata service of ECS and EKS (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, …_FULL_URI).
boost::asio::awaitable<CredentialAnswer> container_credentials(const Settings& settings,
                                                               Http& http);
/// The instance metadata service, version 2.
boost::asio::awaitable<CredentialAnswer> instance_credentials(const Settings& settings, Http& http);

/// Runs a profile's `credential_process` (without a shell) and reads what it prints, for a minute
/// at most.
boost::asio::awaitable<Result<Credentials>> process_credentials(std::string command_line,
                                                                std::string source);

/// A call of STS: `signer` signs it, null where the call carries its own proof.
struct StsCall {
  std::string operation = {};
  Query parameters = {};
  const Credentials* signer = nullptr;
  std::string source = {};  ///< for people
};
boost::asio::awaitable<Result<Credentials>> sts_credentials(const Settings& settings, Http& http,
                                                            StsCall call);

}  // namespace hpo::aws
