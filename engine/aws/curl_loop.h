#pragma once

#include <curl/curl.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>

namespace hpo::aws {

/// Drives libcurl's transfers by Asio's sockets and timers: curl_multi_socket_action(3).
class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
 public:
  using EndFn = std::function<void(CURLcode)>;

  explicit CurlLoop(const boost::asio::any_io_executor& executor);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  /// Begins a transfer; `on_end` is called once, from the executor, unless it is removed before.
  void add(CURL* transfer, EndFn on_end);
  void remove(CURL* transfer);

  [[nodiscard]] const boost::asio::any_io_executor& executor() const { return executor_; }

 private:
  /// One socket of libcurl's, and what is waited for there. The socket stays libcurl's own.
  struct Socket {
    explicit Socket(const boost::asio::any_io_executor& executor) : descriptor(executor) {}
    boost::asio::posix::stream_descriptor descriptor;
    int wanted = 0;       ///< CURL_POLL_IN, CURL_POLL_OUT or both
    bool reads = false;   ///< a wait is under way
    bool writes = false;  ///< likewise
  };

  static int on_socket(CURL* transfer, curl_socket_t fd, int what, void* self, void* socket);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);
  void watch(curl_socket_t fd, int what);
  void wait(const std::shared_ptr<Socket>& socket, curl_socket_t fd, bool is_write);
  void act(curl_socket_t fd, int events);
  void collect();

  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer timer_;
  CURLM* multi_ = nullptr;
  std::map<curl_socket_t, std::shared_ptr<Socket>> sockets_ = {};
  std::map<CURL*, EndFn> transfers_ = {};
};

}  // namespace hpo::aws
