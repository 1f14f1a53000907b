#include "trainers/serving/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "objectives/glyphs.h"
#include "trainers/serving/negotiation.h"

namespace hpo::serving {
namespace {

/// The only method of a path; empty for a path that is not served.
std::string_view method_of(std::string_view path) {
  if (path == "/invocations") return "POST";
  const bool is_known = path == "/ping" || path == "/metrics" || path == "/execution-parameters";
  return is_known ? "GET" : "";
}

std::string shown(std::string_view text) { return printable(text.substr(0, 100)); }

}  // namespace

HttpResponse busy_response(std::string_view what) {
  auto response = error_response(503, "busy", what, "try again in a second");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

Service::Service(ServedModel model, const ServiceOptions& options)
    : options_(options),
      answering_(std::move(model), metrics_),
      batcher_(options.batcher,
               [this](std::vector<Job> jobs) { answering_.answer(std::move(jobs)); }) {}

std::optional<HttpResponse> Service::refuse(const HttpRequest& head) const {
  const std::string_view path = path_of(head.target);
  const std::string_view method = method_of(path);
  if (method.empty()) {
    return error_response(404, "not_found", fmt::format("nothing is served at {}", shown(path)),
                          "POST /invocations, GET /ping, /execution-parameters or /metrics");
  }
  const bool is_head = head.method == "HEAD" && method == "GET";
  if (head.method != method && !is_head) {
    auto response =
        error_response(405, "method_not_allowed",
                       fmt::format("{} takes {}, not {}", path, method, shown(head.method)));
    response.headers.emplace_back("Allow", method);
    return response;
  }
  if (method == "GET") return std::nullopt;
  if (!payload_of(head.content_type)) {
    return error_response(
        415, "unsupported_media_type",
        fmt::format("Content-Type \"{}\" is not served", shown(head.content_type)),
        "application/x-image, image/jpeg, image/png, image/jpeg;base64 or "
        "application/json");
  }
  if (!answer_type_of(head.accept)) {
    return error_response(406, "not_acceptable",
                          fmt::format("answers are not given as \"{}\"", shown(head.accept)),
                          "application/json or text/csv");
  }
  const auto top_k = top_k_of(head.target, head.custom_attributes);
  if (!top_k) return error_response(400, "bad_top_k", top_k.error().message);
  return std::nullopt;
}

void Service::handle(HttpRequest request, std::function<void(HttpResponse)> done) {
  if (auto refusal = refuse(request)) return done(std::move(*refusal));
  const std::string_view path = path_of(request.target);
  if (path == "/ping") return done(ping());
  if (path == "/metrics") return done(metrics());
  if (path == "/execution-parameters") return done(execution_parameters());
  invoke(std::move(request), std::move(done));
}

void Service::count(const HttpRequest& request, const HttpResponse& response, double seconds) {
  metrics_.add_request(path_of(request.target), response.status, seconds);
}

HttpResponse Service::ping() const {
  if (answering_.is_failing()) return error_response(503, "unhealthy", "the model keeps failing");
  if (!batcher_.is_alive(options_.stuck_after_s)) {
    return error_response(503, "unhealthy", "every worker is stuck");
  }
  return {.content_type = ""};
}

HttpResponse Service::execution_parameters() const {
  constexpr std::size_t kMebibyte = 1 << 20;
  constexpr std::size_t kMostInFlight_mib = 100;  // the service's own limit on their product
  const std::size_t payload = std::max<std::size_t>(options_.max_body / kMebibyte, 1);
  // Twice the workers: while a half is computed the other half is on its way.
  const std::size_t transforms = std::min(2 * options_.batcher.workers,
                                          kMostInFlight_mib / std::min(payload, kMostInFlight_mib));
  return {.body = fmt::format(R"({{"MaxConcurrentTransforms":{},"BatchStrategy":"SINGLE_RECORD",)"
                              R"("MaxPayloadInMB":{}}})"
                              "\n",
                              transforms, payload)};
}

HttpResponse Service::metrics() const {
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = metrics_.text({.queue_length = batcher_.queued(),
                                 .workers = options_.batcher.workers,
                                 .workers_busy = batcher_.busy(),
                                 .connections = connections})};
}

void Service::invoke(HttpRequest request, std::function<void(HttpResponse)> done) {
  Job job{.payload = *payload_of(request.content_type),
          .body = std::move(request.body),
          .form = {.type = *answer_type_of(request.accept),
                   .top_k = *top_k_of(request.target, request.custom_attributes)},
          .arrived = Clock::now(),
          .done = std::move(done)};
  if (batcher_.submit(job)) return;
  job.done(busy_response(fmt::format("{} requests wait already", options_.batcher.max_queue)));
}

}  // namespace hpo::serving
