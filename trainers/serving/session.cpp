#include "trainers/serving/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>

#include "trainers/serving/access_log.h"

namespace hpo::serving {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t kMaxHead = 16 * 1024;

/// An answer that another thread will give.
struct Pending {
  explicit Pending(const asio::any_io_executor& executor)
      : ready(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer ready;  ///< never expires; cancelled when the answer is there
  std::optional<HttpResponse> response = {};
};

std::function<void(HttpResponse)> give_to(const std::shared_ptr<Pending>& pending) {
  return [pending](HttpResponse response) {
    asio::post(pending->ready.get_executor(), [pending, given = std::move(response)]() mutable {
      pending->response = std::move(given);
      pending->ready.cancel();
    });
  };
}

/// Gives reserved memory back.
class Release {
 public:
  explicit Release(std::size_t& total) : total_(total) {}
  Release(const Release&) = delete;
  Release& operator=(const Release&) = delete;
  ~Release() { total_ -= bytes; }
  std::size_t bytes = 0;

 private:
  std::size_t& total_;
};

template <class Message>
HttpRequest head_of(const Message& message) {
  return {.method = message.method_string(),
          .target = message.target(),
          .content_type = message[http::field::content_type],
          .accept = message[http::field::accept],
          .custom_attributes = message["X-Amzn-SageMaker-Custom-Attributes"],
          .inference_id = message["X-Amzn-SageMaker-Inference-Id"]};
}

template <class Message>
bool wants_continue(const Message& message) {
  return boost::beast::iequals(message[http::field::expect], "100-continue");
}

http::response<http::string_body> message_of(const HttpResponse& response, unsigned version,
                                             bool keep_alive, bool has_body) {
  http::response<http::string_body> message;
  message.version(version);
  message.result(response.status);
  message.set(http::field::server, "hpo");
  if (!response.content_type.empty()) {
    message.set(http::field::content_type, response.content_type);
  }
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);
  message.body() = response.body;
  message.prepare_payload();
  if (!has_body) message.body().clear();
  return message;
}

std::string text_of(const asio::ip::tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return {};
  return fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port());
}

std::int64_t unix_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Shared& shared)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      shared_(shared),
      client_(text_of(socket_)) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

asio::awaitable<void> Session::run() {
  bool goes_on = co_await wait_for_request();
  while (goes_on) {
    goes_on = co_await serve_one();
    if (goes_on) goes_on = co_await wait_for_request();
  }
  deadline_.cancel();
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

asio::awaitable<void> Session::turn_away() {
  began_ = std::chrono::steady_clock::now();
  const HttpRequest unread;
  const HttpResponse response = busy_response("too many connections");
  record(unread, response, 0);
  const WireForm form;
  const bool written = co_await write(response, form);
  if (written) co_await linger();
  deadline_.cancel();
}

void Session::close_if_idle() {
  if (!idle_) return;
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<bool> Session::wait_for_request() {
  bool is_there = buffer_.size() > 0;  // pipelined behind the last one
  if (!is_there && !shared_.draining) {
    constexpr std::size_t kChunk = 4096;
    idle_ = true;
    expire_in(shared_.options.idle_s);
    const auto space = buffer_.prepare(kChunk);
    const auto [error, size] = co_await socket_.async_read_some(space, kToken);
    idle_ = false;
    if (!error) buffer_.commit(size);
    is_there = !error;
  }
  began_ = std::chrono::steady_clock::now();
  co_return is_there && !shared_.draining;
}

asio::awaitable<bool> Session::serve_one() {
  Release memory(shared_.body_memory);
  Parser parser;
  Incoming incoming;
  const bool is_answerable = co_await read(parser, incoming, memory.bytes);
  if (!is_answerable) co_return false;
  const std::size_t bytes_in = incoming.request.body.size();
  const HttpRequest head = head_of(parser.get());
  HttpResponse response;
  const bool was_refused = incoming.refusal.has_value();
  if (was_refused) {
    response = std::move(*incoming.refusal);
  } else {
    response = co_await answer(std::move(incoming.request));
  }
  const bool keep_alive = !was_refused && incoming.keep_alive && !shared_.draining;
  const WireForm form{
      .version = incoming.version, .keep_alive = keep_alive, .has_body = head.method != "HEAD"};
  const bool written = co_await write(response, form);
  record(head, response, bytes_in);
  if (written && was_refused) co_await linger();
  co_return written&& keep_alive;
}

asio::awaitable<bool> Session::read(Parser& parser, Incoming& incoming, std::size_t& reserved) {
  parser.header_limit(kMaxHead);
  parser.body_limit(shared_.service.options().max_body);
  expire_in(shared_.options.head_s);
  const auto [error, size] = co_await http::async_read_header(socket_, buffer_, parser, kToken);
  const auto& message = parser.get();
  incoming.version = message.version() == 10 ? 10 : 11;
  if (error) {
    incoming.refusal = refusal_for(error);
    co_return incoming.refusal.has_value();
  }
  incoming.request = head_of(message);
  incoming.keep_alive = parser.keep_alive();
  incoming.refusal = reserve(parser, reserved);
  if (!incoming.refusal && wants_continue(message)) {
    incoming.refusal = shared_.service.refuse(incoming.request);
  }
  if (incoming.refusal) co_return true;
  co_return co_await read_body(parser, incoming);
}

asio::awaitable<bool> Session::read_body(Parser& parser, Incoming& incoming) {
  expire_in(shared_.options.body_s);
  if (wants_continue(parser.get()) && !parser.is_done()) {
    constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto bytes = asio::buffer(kGoOn.data(), kGoOn.size());
    const auto [error, size] = co_await asio::async_write(socket_, bytes, kToken);
    if (error) co_return false;
  }
  const auto [error, size] = co_await http::async_read(socket_, buffer_, parser, kToken);
  if (error) {
    incoming.refusal = refusal_for(error);
    co_return incoming.refusal.has_value();
  }
  incoming.request.body = std::move(parser.get().body());
  co_return true;
}

std::optional<HttpResponse> Session::reserve(const Parser& parser, std::size_t& reserved) {
  const auto length = parser.content_length();
  std::size_t bytes = parser.chunked() ? shared_.service.options().max_body : 0;
  if (length) bytes = static_cast<std::size_t>(*length);
  if (shared_.body_memory + bytes > shared_.options.max_body_memory) {
    return busy_response("too many bodies are being read");
  }
  shared_.body_memory += bytes;
  reserved = bytes;
  return std::nullopt;
}

std::optional<HttpResponse> Session::refusal_for(error_code error) const {
  if (expired_) return error_response(408, "timeout", "the request came too slowly");
  if (error == http::error::body_limit) {
    return error_response(413, "too_large",
                          fmt::format("at most {} bytes are read in one request",
                                      shared_.service.options().max_body));
  }
  if (error == http::error::header_limit) {
    return error_response(431, "head_too_large",
                          fmt::format("a request's head has at most {} bytes", kMaxHead));
  }
  const bool is_http = error.category() == make_error_code(http::error::bad_value).category();
  const bool is_cut_off =
      error == http::error::end_of_stream || error == http::error::partial_message;
  if (!is_http || is_cut_off) return std::nullopt;
  return error_response(400, "bad_request", "this is no HTTP/1.1 request: " + error.message());
}

asio::awaitable<HttpResponse> Session::answer(HttpRequest request) {
  deadline_.cancel();
  const auto pending = std::make_shared<Pending>(socket_.get_executor());
  shared_.service.handle(std::move(request), give_to(pending));
  while (!pending->response) {
    const auto [cancelled] = co_await pending->ready.async_wait(kToken);
    check(static_cast<bool>(cancelled), "an answer's timer never expires");
  }
  co_return std::move(*pending->response);
}

asio::awaitable<bool> Session::write(const HttpResponse& response, WireForm form) {
  const auto message = message_of(response, form.version, form.keep_alive, form.has_body);
  expire_in(shared_.options.write_s);
  const auto [error, size] = co_await http::async_write(socket_, message, kToken);
  co_return !error;
}

asio::awaitable<void> Session::linger() {
  error_code failed;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, failed);
  expire_in(shared_.options.linger_s);
  std::array<char, 16384> unwanted{};
  const auto space = asio::buffer(unwanted);
  while (!failed) {
    const auto [error, size] = co_await socket_.async_read_some(space, kToken);
    failed = error;
  }
}

void Session::record(const HttpRequest& request, const HttpResponse& response,
                     std::size_t bytes_in) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
  shared_.service.count(request, response, took.count());
  if (!shared_.options.log) return;
  const AccessEntry entry{.unix_ms = unix_ms(),
                          .client = client_,
                          .bytes_in = bytes_in,
                          .bytes_out = response.body.size(),
                          .duration_ms = 1000 * took.count()};
  shared_.options.log(access_line(entry, request, response));
}

void Session::expire_in(double seconds) {
  expired_ = false;
  const std::chrono::duration<double> wait(seconds);
  deadline_.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(wait));
  deadline_.async_wait([self = weak_from_this(), mine = ++deadlines_](error_code cancelled) {
    const auto session = self.lock();
    if (cancelled || !session || session->deadlines_ != mine) return;
    session->expired_ = true;
    error_code ignored;
    session->socket_.cancel(ignored);
  });
}

}  // namespace hpo::serving
