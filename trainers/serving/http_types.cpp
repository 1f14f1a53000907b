#include "trainers/serving/http_types.h"

#include <nlohmann/json.hpp>

namespace hpo::serving {

HttpResponse error_response(unsigned status, std::string_view code, std::string_view message,
                            std::string_view hint) {
  nlohmann::ordered_json error = {{"code", code}, {"message", message}};
  if (!hint.empty()) error["hint"] = hint;
  const nlohmann::ordered_json body = {{"error", error}};
  HttpResponse response;
  response.status = status;
  response.body = body.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  response.facts.problem = message;
  return response;
}

}  // namespace hpo::serving
