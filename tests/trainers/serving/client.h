#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hpo::serving {

/// An HTTP response as it came.
struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers = {};  ///< names in lower case
  std::string body = {};
};

/// A client of raw bytes, so that a test can send what no library would.
class Client {
 public:
  explicit Client(std::uint16_t port);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// False where the server has closed.
  bool send(std::string_view bytes) const;
  /// No more will be sent.
  void finish() const;
  /// The next response; nothing where the connection ended before one was whole.
  std::optional<Answer> read();
  /// Whether the server closes now, without another byte.
  bool is_closed();

 private:
  bool fill();
  int socket_ = -1;
  std::string buffer_ = {};
};

/// A request with a Content-Length.
std::string request(std::string_view method, std::string_view target, std::string_view headers = {},
                    std::string_view body = {});

/// The answer to a POST of these bytes over a connection of its own.
std::optional<Answer> post(std::uint16_t port, std::string_view content_type, std::string_view body,
                           std::string_view target = "/invocations", std::string_view headers = {});
std::optional<Answer> get(std::uint16_t port, std::string_view target);

}  // namespace hpo::serving
