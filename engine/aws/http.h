#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/aws/sigv4.h"

namespace hpo::aws {

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};  ///< with path and query, encoded
  std::vector<Header> headers = {};
  std::string body = {};
  double connect_timeout_s = 5;
  double read_timeout_s = 60;  ///< without a byte for so long, it is given up
  bool is_local = false;       ///< an address of this machine's own, never asked of a proxy
  std::string ca_bundle = {};  ///< certificates instead of the system's
  /// Takes a successful answer's bytes as they come, instead of HttpResponse::body.
  std::function<bool(std::string_view)> sink = {};
};

struct HttpResponse {
  int status = 0;
  std::vector<Header> headers = {};  ///< names in lower case
  std::string body = {};

  /// The first value of a header, empty where there is none. `name` in lower case.
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// Why no whole answer came.
struct TransportFailure {
  enum class Kind { unreachable, timeout, broken, untrusted, refused };
  Kind kind = Kind::broken;
  std::string message = {};
};

struct HttpOutcome {
  HttpResponse response = {};
  std::optional<TransportFailure> failure = {};
};

/// HTTP over libcurl on the engine's thread: connections are kept and used again, proxies are those
/// of the environment, certificates are checked, redirects are not followed.
class Http {
 public:
  explicit Http(const boost::asio::any_io_executor& executor);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  /// Sends one request and waits for its answer. Throws operation_aborted where the coroutine is
  /// cancelled.
  boost::asio::awaitable<HttpOutcome> send(std::shared_ptr<const HttpRequest> request);
  boost::asio::awaitable<HttpOutcome> send(HttpRequest request);

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
};

}  // namespace hpo::aws
