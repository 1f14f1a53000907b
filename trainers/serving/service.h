#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "trainers/serving/answering.h"
#include "trainers/serving/batcher.h"
#include "trainers/serving/http_types.h"
#include "trainers/serving/metrics.h"

namespace hpo::serving {

struct ServiceOptions {
  BatcherOptions batcher = {};
  std::size_t max_body = 6'291'456;  ///< bytes; SageMaker's endpoints pass no more
  double stuck_after_s = 60;         ///< SageMaker waits no longer for an answer
};

/// SageMaker's inference contract, from requests to answers; of sockets it knows nothing.
///
/// GET /ping, /execution-parameters, /metrics and POST /invocations. sagemaker.md, section 4.
class Service {
 public:
  Service(ServedModel model, const ServiceOptions& options);

  /// What is wrong with a request by its head alone; nothing where its body should be read.
  [[nodiscard]] std::optional<HttpResponse> refuse(const HttpRequest& head) const;

  /// Calls `done` once: at once or later, on this or another thread.
  void handle(HttpRequest request, std::function<void(HttpResponse)> done);

  /// Counts an answered request. seconds: from its first byte to the answer's last one.
  void count(const HttpRequest& request, const HttpResponse& response, double seconds);

  /// How many connections `/metrics` reports; set by the server, on the thread that calls handle.
  std::size_t connections = 0;

  [[nodiscard]] const ServiceOptions& options() const { return options_; }

 private:
  [[nodiscard]] HttpResponse ping() const;
  [[nodiscard]] HttpResponse execution_parameters() const;
  [[nodiscard]] HttpResponse metrics() const;
  void invoke(HttpRequest request, std::function<void(HttpResponse)> done);

  ServiceOptions options_;
  Metrics metrics_ = {};
  Answering answering_;
  Batcher batcher_;  // the last one: it ends first, and its workers use the others
};

/// The answer while more is asked than can be computed.
HttpResponse busy_response(std::string_view what);

}  // namespace hpo::serving
