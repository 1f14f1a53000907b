#include "engine/aws/curl_loop.h"

#include <chrono>
#include <utility>

#include "objectives/error.h"

namespace hpo::aws {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

/// Connections kept open for later requests; more than these are closed when they fall idle.
constexpr long kKeptConnections = 32;

}  // namespace

CurlLoop::CurlLoop(const asio::any_io_executor& executor) : executor_(executor), timer_(executor) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  multi_ = curl_multi_init();
  check(ready == CURLE_OK && multi_ != nullptr, "libcurl cannot be used");
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
}

CurlLoop::~CurlLoop() {
  for (const auto& [transfer, on_end] : transfers_) curl_multi_remove_handle(multi_, transfer);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
  for (const auto& [fd, socket] : sockets_) socket->descriptor.release();
  curl_multi_cleanup(multi_);
}

void CurlLoop::add(CURL* transfer, EndFn on_end) {
  transfers_.emplace(transfer, std::move(on_end));
  check(curl_multi_add_handle(multi_, transfer) == CURLM_OK, "libcurl refused a transfer");
}

void CurlLoop::remove(CURL* transfer) {
  if (transfers_.erase(transfer) > 0) curl_multi_remove_handle(multi_, transfer);
}

int CurlLoop::on_socket(CURL* /*transfer*/, curl_socket_t fd, int what, void* self,
                        void* /*socket*/) {
  static_cast<CurlLoop*>(self)->watch(fd, what);
  return 0;
}

int CurlLoop::on_timer(CURLM* /*multi*/, long timeout_ms, void* self) {
  auto* loop = static_cast<CurlLoop*>(self);
  loop->timer_.cancel();
  if (timeout_ms < 0) return 0;
  loop->timer_.expires_after(std::chrono::milliseconds(timeout_ms));
  loop->timer_.async_wait([weak = loop->weak_from_this()](const boost::system::error_code& error) {
    const auto alive = weak.lock();
    if (alive && !error) alive->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void CurlLoop::watch(curl_socket_t fd, int what) {
  auto at = sockets_.find(fd);
  if (what == CURL_POLL_REMOVE) {
    if (at == sockets_.end()) return;
    at->second->descriptor.release();  // ends its waits; libcurl closes it
    sockets_.erase(at);
    return;
  }
  if (at == sockets_.end()) {
    at = sockets_.emplace(fd, std::make_shared<Socket>(executor_)).first;
    at->second->descriptor.assign(fd);
  }
  at->second->wanted = what;
  if ((what & CURL_POLL_IN) != 0) wait(at->second, fd, false);
  if ((what & CURL_POLL_OUT) != 0) wait(at->second, fd, true);
}

// One wait for each direction at a time; one that is no longer wanted ends without a word.
void CurlLoop::wait(const std::shared_ptr<Socket>& socket, curl_socket_t fd, bool is_write) {
  bool& is_waiting = is_write ? socket->writes : socket->reads;
  if (std::exchange(is_waiting, true)) return;
  socket->descriptor.async_wait(
      is_write ? Descriptor::wait_write : Descriptor::wait_read,
      [weak = weak_from_this(), socket, fd, is_write](const boost::system::error_code& error) {
        (is_write ? socket->writes : socket->reads) = false;
        const auto self = weak.lock();
        if (!self || error == asio::error::operation_aborted) return;
        const auto is_live = [&] {
          const auto at = self->sockets_.find(fd);
          return at != self->sockets_.end() && at->second == socket;
        };
        const int direction = is_write ? CURL_POLL_OUT : CURL_POLL_IN;
        if (!is_live() || (socket->wanted & direction) == 0) return;
        const int event = is_write ? CURL_CSELECT_OUT : CURL_CSELECT_IN;
        self->act(fd, error ? event | CURL_CSELECT_ERR : event);
        if (is_live() && (socket->wanted & direction) != 0) self->wait(socket, fd, is_write);
      });
}

void CurlLoop::act(curl_socket_t fd, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, fd, events, &running);
  collect();
}

void CurlLoop::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* transfer = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto at = transfers_.find(transfer);
    if (at == transfers_.end()) continue;
    const EndFn on_end = std::move(at->second);
    transfers_.erase(at);
    curl_multi_remove_handle(multi_, transfer);
    on_end(code);
  }
}

}  // namespace hpo::aws
