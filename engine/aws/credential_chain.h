#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>

#include "engine/aws/credential_sources.h"

namespace hpo::aws {

/// Keys from wherever they are set up, in the order of the AWS SDKs: environment, profile (role,
/// keys, process), web identity, container, instance. Keeps them in memory and gets new ones before
/// they expire.
class CredentialChain {
 public:
  CredentialChain(const Settings& settings, Http& http);

  /// Keys that hold for some minutes more. Several callers at once wait for one answer. Error:
  /// environment, with what to set up.
  boost::asio::awaitable<Result<Credentials>> get();

  /// A service refused these keys as expired: the next `get` asks anew.
  void forget(const Credentials& refused);

 private:
  boost::asio::awaitable<Result<Credentials>> resolve();

  Settings settings_;
  Http& http_;
  std::optional<Credentials> known_ = {};
  bool is_asking_ = false;
  std::shared_ptr<boost::asio::steady_timer> asked_ = {};  ///< cancelled when the answer is there
};

}  // namespace hpo::aws
