// hpo --version.

#include <nlohmann/json.hpp>

#include "engine/cli/verbs.h"

namespace hpo::cli {
namespace {

/// Of the JSON that other programs rely on; rises when something is taken away or renamed.
constexpr int kSchemaVersion = 1;

}  // namespace

int run_version(Format format) {
  if (format == Format::json) {
    print_json({{"version", HPO_VERSION}, {"schema_version", kSchemaVersion}});
  } else {
    print(fmt::format("hpo {}\n", HPO_VERSION));
  }
  return kDone;
}

}  // namespace hpo::cli
