#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/aws/failure.h"
#include "engine/aws/http.h"
#include "engine/aws/retry.h"
#include "engine/aws/settings.h"

namespace hpo::aws {

/// One request to a service.
struct Call {
  Service service = Service::sagemaker;
  std::string operation = {};  ///< its name in the service's model
  std::string method = "POST";
  std::string path = "/";  ///< encoded
  Query query = {};
  std::vector<Header> headers = {};  ///< beside what signing adds
  std::string body = {};
  std::string payload_hash = {};  ///< SHA-256 of the body, where it is known already
  std::string region = {};        ///< empty: the client's
  std::string host_prefix = {};   ///< "bucket." before the service's own host
  bool is_answer_awaited = true;  ///< false: not repeated where no answer came
  std::function<bool(std::string_view)> sink = {};  ///< HttpRequest::sink
  std::function<void()> on_retry = {};              ///< before the same is sent again
};

/// A service's answer, or why there is none.
struct Answer {
  HttpResponse response = {};
  std::optional<Failure> failure = {};

  explicit operator bool() const { return !failure; }
};

/// Signs, sends, and repeats requests, within the account's rates. Lives on the engine's thread.
class Client {
 public:
  Client(const boost::asio::any_io_executor& executor, Settings settings, RetryOptions retry);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The call must outlive the answer; it may be sent again. Throws operation_aborted where the
  /// coroutine is cancelled, nothing else.
  boost::asio::awaitable<Answer> send(Call& call);

  [[nodiscard]] const Settings& settings() const;
  [[nodiscard]] const std::string& region() const;

  /// Seconds that the services' clocks are ahead of this machine's, as far as they said so.
  [[nodiscard]] double skew_s() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The retry options of AWS_MAX_ATTEMPTS and HPO_SAGEMAKER_PACE, a factor on all pauses.
RetryOptions retry_options(const Settings& settings);

/// A call of a service that speaks JSON 1.1: POST / with X-Amz-Target.
Call json_call(Service service, const std::string& operation, std::string body);

}  // namespace hpo::aws
