#include "tests/trainers/serving/running_server.h"

#include <utility>

namespace hpo::serving {

ServedModel colours() {
  ServedModel model{.classes = {"red", "green", "blue"}, .limits = {.image_size = 8}};
  model.predict = [](std::span<const Image> photos) {
    std::vector<std::vector<double>> rows;
    for (const Image& photo : photos) {
      std::vector<double> sums(3, 1e-9);  // black is of no colour
      for (std::size_t i = 0; i < photo.rgb.size(); ++i) sums[i % 3] += photo.rgb[i];
      const double all = sums[0] + sums[1] + sums[2];
      rows.push_back({sums[0] / all, sums[1] / all, sums[2] / all});
    }
    return Result<std::vector<std::vector<double>>>(std::move(rows));
  };
  return model;
}

RunningServer::RunningServer(ServedModel model, ServiceOptions service, ServerOptions server) {
  server.port = 0;
  server.log = [this](std::string_view line) {
    const std::scoped_lock lock(mutex_);
    log_.emplace_back(line);
  };
  auto opened = Server::open(server);
  check(opened.has_value(), "the test's server has no port");
  server_ = std::move(*opened);
  port_ = server_->port();
  service_ = std::make_unique<Service>(std::move(model), service);
  thread_ = std::thread([this] { served_ = server_->run(*service_); });
}

RunningServer::~RunningServer() { finish(); }

Served RunningServer::finish() {
  if (thread_.joinable()) {
    server_->stop();
    thread_.join();
  }
  return served_;
}

std::vector<std::string> RunningServer::log() {
  const std::scoped_lock lock(mutex_);
  return log_;
}

}  // namespace hpo::serving
