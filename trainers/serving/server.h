#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "objectives/error.h"
#include "trainers/serving/service.h"

namespace hpo::serving {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: any that is free
  std::size_t max_connections = 512;
  std::size_t max_body_memory = std::size_t{512} << 20;  ///< of all bodies together
  double idle_s = 75;                                    ///< a kept connection without a request
  double head_s = 10;   ///< from a request's first byte to the end of its head
  double body_s = 30;   ///< the whole of its body
  double write_s = 30;  ///< the whole answer
  double linger_s = 2;  ///< for the rest of a body that nobody wants
  double drain_s = 25;  ///< SageMaker kills 30 s after SIGTERM
  /// SIGTERM and SIGINT drain, a second one ends at once. Those that come between open() and
  /// run() wait for run(): process 1 of a container has no other handler.
  bool handle_signals = false;
  std::function<void(std::string_view)> log = {};  ///< lines of the access log; may be empty
};

/// How a server ended.
struct Served {
  bool drained = true;  ///< every request that had begun was answered
  int signal = 0;       ///< the one that ended it at once; 0: none did
};

/// An HTTP/1.1 server on one thread of its own; what is computed, is computed by the service's.
///
/// Each request is read and answered before the next one of its connection is looked at, so clients
/// may pipeline. Boost.Beast parses: of two Content-Lengths, or one beside chunks, none is
/// believed.
class Server {
 public:
  /// Binds and listens; connections wait until run(). Error: usage (no such address) or
  /// environment (the port is taken or not allowed).
  static Result<std::unique_ptr<Server>> open(const ServerOptions& options);

  virtual ~Server() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual std::string url() const = 0;

  /// Serves until it is stopped: by a signal, or by stop(). To be called once.
  virtual Served run(Service& service) = 0;

  /// Closes the port, answers what has begun, then lets run() return. From any thread.
  virtual void stop() = 0;
};

}  // namespace hpo::serving
