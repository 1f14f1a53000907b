#include "trainers/serving/server.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <optional>
#include <set>
#include <utility>

#include "objectives/glyphs.h"
#include "trainers/serving/session.h"

namespace hpo::serving {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

class AsioServer final : public Server {
 public:
  explicit AsioServer(const ServerOptions& options) : options_(options) {
    if (!options.handle_signals) return;
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
  }

  Result<void> listen() {
    error_code failed;
    tcp::resolver resolver(io_);
    const auto found = resolver.resolve(options_.host, std::to_string(options_.port), failed);
    if (failed || found.empty()) {
      return Error{
          .code = ErrorCode::usage,
          .message = fmt::format("--host {}: {}", printable(options_.host), failed.message()),
          .hint = "127.0.0.1 for this machine alone, 0.0.0.0 for all addresses"};
    }
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), failed);
    if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor_.bind(endpoint, failed);
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) {
      return Error{
          .code = ErrorCode::environment,
          .message = fmt::format("cannot listen on {}, port {}: {}", printable(options_.host),
                                 options_.port, failed.message()),
          .hint = "--port gives another one; --port 0 takes any that is free"};
    }
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override {
    error_code ignored;
    return acceptor_.local_endpoint(ignored).port();
  }

  [[nodiscard]] std::string url() const override {
    const bool is_v6 = options_.host.find(':') != std::string::npos;
    const std::string host = is_v6 ? "[" + options_.host + "]" : options_.host;
    return fmt::format("http://{}:{}", host, port());
  }

  Served run(Service& service) override {
    shared_.emplace(Shared{.options = options_, .service = service});
    if (options_.handle_signals) wait_for_signal();
    asio::co_spawn(io_, accept(), [](const std::exception_ptr&) {});
    io_.run();
    return served_;
  }

  void stop() override {
    asio::post(io_, [this] { drain(); });
  }

 private:
  asio::awaitable<void> accept() {
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(kToken);
      if (!error) begin(std::move(socket));
      if (error && acceptor_.is_open()) co_await pause();
    }
  }

  /// Descriptors ran out, or the like: connections wait in the backlog until some close.
  asio::awaitable<void> pause() {
    constexpr auto kPause = std::chrono::milliseconds(100);
    pause_.expires_after(kPause);
    co_await pause_.async_wait(kToken);
  }

  void begin(tcp::socket socket) {
    const std::size_t open = sessions_.size();
    if (open >= 2 * options_.max_connections) return;
    const auto session = std::make_shared<Session>(std::move(socket), *shared_);
    sessions_.insert(session.get());
    shared_->service.connections = sessions_.size();
    const bool is_welcome = open < options_.max_connections;
    asio::co_spawn(io_, is_welcome ? session->run() : session->turn_away(),
                   [this, session](const std::exception_ptr&) { end(session.get()); });
  }

  void end(Session* session) {
    sessions_.erase(session);
    shared_->service.connections = sessions_.size();
    finish_if_drained();
  }

  void drain() {
    if (shared_->draining) return;
    shared_->draining = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (Session* session : sessions_) session->close_if_idle();
    const std::chrono::duration<double> limit(options_.drain_s);
    limit_.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(limit));
    limit_.async_wait([this](const error_code& cancelled) {
      if (!cancelled) end_now(0);
    });
    finish_if_drained();
  }

  void finish_if_drained() {
    if (!shared_->draining || !sessions_.empty()) return;
    limit_.cancel();
    error_code ignored;
    signals_.cancel(ignored);
  }

  void end_now(int signal) {
    served_ = {.drained = false, .signal = signal};
    io_.stop();
  }

  void wait_for_signal() {
    signals_.async_wait([this](const error_code& cancelled, int signal) {
      if (cancelled) return;
      if (shared_->draining) return end_now(signal);
      wait_for_signal();
      drain();
    });
  }

  ServerOptions options_;
  std::optional<Shared> shared_ = {};
  std::set<Session*> sessions_ = {};
  Served served_ = {};
  asio::io_context io_{1};  // ends before what its coroutines refer to
  tcp::acceptor acceptor_{io_};
  asio::signal_set signals_{io_};
  asio::steady_timer limit_{io_};
  asio::steady_timer pause_{io_};
};

}  // namespace

Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options) {
  auto server = std::make_unique<AsioServer>(options);
  if (auto listening = server->listen(); !listening) return listening.error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace hpo::serving
