#include "engine/aws/credential_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <fstream>
#include <iterator>

#include "engine/aws/profile_credentials.h"

namespace hpo::aws {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// botocore's times: new keys are wanted so long before the old ones' end, and needed so long
/// before. Keys of a short life (a role's of 15 minutes) are used for three quarters of it.
constexpr milliseconds kAdvisory = minutes(15);
constexpr milliseconds kMandatory = minutes(10);

TimePoint now() {
  return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

bool holds_for(const Credentials& credentials, milliseconds time) {
  if (!credentials.expires) return true;
  const milliseconds life = *credentials.expires - credentials.obtained.value_or(now());
  return *credentials.expires - now() > std::min(time, life / 4);
}

Error nothing_set_up() {
  return {.code = ErrorCode::environment,
          .message =
              "no AWS keys were found: neither in the environment, nor in a profile, nor "
              "from a container's or an instance's role",
          .hint =
              "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run: aws "
              "configure"};
}

/// Marks the chain as asking, until the answer is there.
class Asking {
 public:
  Asking(bool& flag, std::shared_ptr<asio::steady_timer> asked)
      : flag_(flag), asked_(std::move(asked)) {
    flag_ = true;
  }
  ~Asking() {
    flag_ = false;
    asked_->cancel();
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  bool& flag_;
  std::shared_ptr<asio::steady_timer> asked_;
};

}  // namespace

CredentialChain::CredentialChain(const Settings& settings, Http& http)
    : settings_(settings), http_(http) {}

asio::awaitable<Result<Credentials>> CredentialChain::get() {
  while (is_asking_) {
    const auto asked = asked_;
    boost::system::error_code ignored;  // the answer is there
    co_await asked->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
  }
  if (known_ && holds_for(*known_, kAdvisory)) co_return *known_;
  asked_ = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor);
  asked_->expires_at(asio::steady_timer::time_point::max());
  const Asking asking(is_asking_, asked_);
  auto found = co_await resolve();
  if (found) {
    known_ = *found;
    co_return found;
  }
  if (known_ && holds_for(*known_, kMandatory)) co_return *known_;
  co_return found.error();
}

void CredentialChain::forget(const Credentials& refused) {
  if (known_ && known_->access_key_id == refused.access_key_id) known_.reset();
}

asio::awaitable<Result<Credentials>> CredentialChain::resolve() {
  // The files may have changed since: whoever logged in again wrote new keys there.
  auto settings = load_settings(settings_.variables);
  if (!settings) co_return settings.error();
  settings->region = settings_.region;
  if (auto found = environment_credentials(*settings)) co_return *std::move(found);
  auto of_profile = co_await profile_credentials(*settings, http_, settings->profile, true);
  if (of_profile) co_return *std::move(of_profile);
  auto of_identity = co_await web_identity_credentials(*settings, http_);
  if (of_identity) co_return *std::move(of_identity);
  auto of_container = co_await container_credentials(*settings, http_);
  if (of_container) co_return *std::move(of_container);
  auto of_instance = co_await instance_credentials(*settings, http_);
  if (of_instance) co_return *std::move(of_instance);
  co_return nothing_set_up();
}

}  // namespace hpo::aws
