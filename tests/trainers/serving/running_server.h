#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "trainers/serving/server.h"

namespace hpo::serving {

/// Red, green or blue: the shares of the colours in a photo.
ServedModel colours();

/// A service and its server in this process, on a free port, until the end of the test.
class RunningServer {
 public:
  explicit RunningServer(ServedModel model = colours(), ServiceOptions service = {},
                         ServerOptions server = {});
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void stop() { server_->stop(); }
  /// Stops it and waits.
  Served finish();
  /// Lines of the access log.
  std::vector<std::string> log();

 private:
  std::mutex mutex_;
  std::vector<std::string> log_ = {};
  std::unique_ptr<Server> server_;
  std::unique_ptr<Service> service_;
  std::uint16_t port_ = 0;
  Served served_ = {};
  std::thread thread_;
};

}  // namespace hpo::serving
