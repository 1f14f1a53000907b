#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hpo::serving {

/// What the server knows of a request; everything that no handler reads is left behind.
struct HttpRequest {
  std::string method = {};
  std::string target = {};  ///< path and query, as sent
  std::string content_type = {};
  std::string accept = {};
  std::string custom_attributes = {};  ///< X-Amzn-SageMaker-Custom-Attributes
  std::string inference_id = {};       ///< X-Amzn-SageMaker-Inference-Id
  std::string body = {};
};

/// What became of a request on its way, for the access log.
struct RequestFacts {
  double queue_ms = 0;       ///< until a worker took it
  std::size_t batch = 0;     ///< photos computed together with it; 0: none of it was computed
  std::string problem = {};  ///< what the client was told to be wrong
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  RequestFacts facts = {};
};

/// The part of a target before its query.
inline std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

/// An error as every response with one has it: {"error":{"code":...,"message":...,"hint":...}}.
HttpResponse error_response(unsigned status, std::string_view code, std::string_view message,
                            std::string_view hint = {});

}  // namespace hpo::serving
