#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "trainers/serving/server.h"

namespace hpo::serving {

/// What all connections share; everything happens on the server's thread.
struct Shared {
  const ServerOptions& options;
  Service& service;
  std::size_t body_memory = 0;  ///< reserved for bodies
  bool draining = false;
};

/// One connection: requests, one after the other. Owned by the coroutine that runs it.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, Shared& shared);

  /// Serves until the connection ends.
  boost::asio::awaitable<void> run();
  /// Tells that there are too many, and closes.
  boost::asio::awaitable<void> turn_away();

  /// Where no request has begun: closes.
  void close_if_idle();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  /// A request that was read, or the answer that it gets instead of being handled.
  struct Incoming {
    HttpRequest request = {};
    std::optional<HttpResponse> refusal = {};
    unsigned version = 11;
    bool keep_alive = false;
  };

  /// How an answer goes out.
  struct WireForm {
    unsigned version = 11;
    bool keep_alive = false;
    bool has_body = true;  ///< false for HEAD: its length is told, it is not sent
  };

  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> serve_one();
  /// Whether there is something to answer; else the connection is gone.
  boost::asio::awaitable<bool> read(Parser& parser, Incoming& incoming, std::size_t& reserved);
  boost::asio::awaitable<bool> read_body(Parser& parser, Incoming& incoming);
  boost::asio::awaitable<HttpResponse> answer(HttpRequest request);
  boost::asio::awaitable<bool> write(const HttpResponse& response, WireForm form);
  /// Reads on for a while and forgets it: closing at once would take the answer from a client that
  /// still sends.
  boost::asio::awaitable<void> linger();

  [[nodiscard]] std::optional<HttpResponse> reserve(const Parser& parser, std::size_t& reserved);
  /// The answer to what went wrong while reading; nothing where nobody is there to read it.
  [[nodiscard]] std::optional<HttpResponse> refusal_for(boost::system::error_code error) const;
  void record(const HttpRequest& request, const HttpResponse& response, std::size_t bytes_in);
  /// Cancels what the socket does when so much time has passed since this call.
  void expire_in(double seconds);

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  std::uint64_t deadlines_ = 0;  ///< how many have been set: an old one means nothing
  bool expired_ = false;
  Shared& shared_;
  boost::beast::flat_buffer buffer_ = {};
  std::string client_ = {};
  std::chrono::steady_clock::time_point began_ = {};
  bool idle_ = false;
};

}  // namespace hpo::serving
