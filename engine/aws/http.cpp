#include "engine/aws/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "engine/aws/curl_loop.h"
#include "objectives/error.h"
#include "objectives/plain_text.h"

namespace hpo::aws {
namespace {

namespace asio = boost::asio;
using Kind = TransportFailure::Kind;

/// No service's answer that is kept in memory is larger: GetLogEvents answers at most 1 MB, parts
/// of objects are 8 MiB or more, an endpoint's answer 25 MB.
constexpr std::size_t kMostBody = 256UL << 20U;

struct FreeEasy {
  void operator()(CURL* transfer) const { curl_easy_cleanup(transfer); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

Kind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return Kind::unreachable;
    case CURLE_OPERATION_TIMEDOUT:
      return Kind::timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      return Kind::untrusted;
    case CURLE_WRITE_ERROR:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Kind::refused;
    default:
      return Kind::broken;
  }
}

/// One request under way. Not moved: libcurl knows its address.
struct Transfer {
  explicit Transfer(const HttpRequest& what) : request(what), easy(curl_easy_init()) {
    check(easy != nullptr, "libcurl cannot be used");
    add_headers();
    set_options();
  }

  void add_header(const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  }

  void add_headers() {
    bool has_type = false;
    for (const auto& [name, value] : request.headers) {
      const bool is_clean = (name + value).find_first_of("\r\n") == std::string::npos;
      check(is_clean, "a header of several lines");
      has_type = has_type || lower(name) == "content-type";
      add_header(value.empty() ? name + ";" : name + ": " + value);
    }
    // What libcurl would add by itself and nobody signed.
    add_header("Expect:");
    if (!has_type) add_header("Content-Type:");
  }

  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(easy.get(), option, value);
  }

  void set_options() {
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_ERRORBUFFER, message.data());
    set(CURLOPT_USERAGENT, "hpo");
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout_s * 1000));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(request.read_timeout_s)));
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_bytes);
    set(CURLOPT_WRITEDATA, this);
    if (request.is_local) set(CURLOPT_NOPROXY, "*");
    if (!request.ca_bundle.empty()) set(CURLOPT_CAINFO, request.ca_bundle.c_str());
    set_method();
  }

  void set_method() {
    const bool has_body = request.method == "PUT" || request.method == "POST";
    if (has_body) {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDS, request.body.data());
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_UPLOAD_BUFFERSIZE, 256L << 10U);
    }
    set(CURLOPT_BUFFERSIZE, 128L << 10U);
    if (request.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else {
      set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
  }

  static std::size_t on_header(const char* text, std::size_t size, std::size_t count, void* self) {
    const std::string_view line(text, size * count);
    auto& response = static_cast<Transfer*>(self)->response;
    if (line.starts_with("HTTP/")) {
      response = {};  // after a 100 Continue, or a proxy's answer to CONNECT
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      response.headers.push_back({lower(line.substr(0, colon)),
                                  std::string(trimmed(line.substr(colon + 1), " \t\n\v\f\r"))});
    }
    return line.size();
  }

  static std::size_t on_bytes(const char* text, std::size_t size, std::size_t count, void* self) {
    const std::string_view bytes(text, size * count);
    auto* transfer = static_cast<Transfer*>(self);
    long status = 0;
    curl_easy_getinfo(transfer->easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (transfer->request.sink && status / 100 == 2) {
      return transfer->request.sink(bytes) ? bytes.size() : 0;
    }
    if (transfer->response.body.size() + bytes.size() > kMostBody) return 0;
    transfer->response.body.append(bytes);
    return bytes.size();
  }

  HttpOutcome outcome() {
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    if (*code == CURLE_OK) return {.response = std::move(response)};
    const std::string why = message[0] != '\0' ? message.data() : curl_easy_strerror(*code);
    return {.response = std::move(response),
            .failure = TransportFailure{.kind = kind_of(*code), .message = why}};
  }

  const HttpRequest& request;
  std::unique_ptr<curl_slist, FreeList> headers = {};
  std::array<char, CURL_ERROR_SIZE> message = {};
  std::unique_ptr<CURL, FreeEasy> easy;
  HttpResponse response = {};
  std::optional<CURLcode> code = {};
};

/// Takes a transfer out of the loop where its coroutine is cancelled.
class Registration {
 public:
  Registration(std::shared_ptr<CurlLoop> loop, Transfer& transfer, asio::steady_timer& wake)
      : loop_(std::move(loop)), easy_(transfer.easy.get()) {
    loop_->add(easy_, [&transfer, &wake](CURLcode code) {
      transfer.code = code;
      wake.cancel();
    });
  }
  ~Registration() { loop_->remove(easy_); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  std::shared_ptr<CurlLoop> loop_;
  CURL* easy_;
};

}  // namespace

class Http::Loop : public CurlLoop {
 public:
  using CurlLoop::CurlLoop;
};

std::string HttpResponse::header(std::string_view name) const {
  for (const auto& header : headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

Http::Http(const asio::any_io_executor& executor) : loop_(std::make_shared<Loop>(executor)) {}
Http::~Http() = default;

asio::awaitable<HttpOutcome> Http::send(HttpRequest request) {
  auto shared = std::make_shared<const HttpRequest>(std::move(request));
  co_return co_await send(std::move(shared));
}

asio::awaitable<HttpOutcome> Http::send(std::shared_ptr<const HttpRequest> request) {
  const std::shared_ptr<CurlLoop> loop = loop_;
  Transfer transfer(*request);
  asio::steady_timer wake(loop->executor());
  const Registration registration(loop, transfer, wake);
  while (!transfer.code) {
    wake.expires_at(asio::steady_timer::time_point::max());
    boost::system::error_code ignored;  // woken
    co_await wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
  }
  co_return transfer.outcome();
}

}  // namespace hpo::aws
