#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "trainers/serving/http_types.h"

namespace hpo::serving {

/// An answered request.
struct AccessEntry {
  std::int64_t unix_ms = 0;
  std::string client = {};  ///< address and port
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  double duration_ms = 0;
};

/// One line of JSON without its line break. Whatever a client sends stays inside its quotes:
/// control characters and all that is not ASCII are escaped, long texts cut.
std::string access_line(const AccessEntry& entry, const HttpRequest& request,
                        const HttpResponse& response);

}  // namespace hpo::serving
