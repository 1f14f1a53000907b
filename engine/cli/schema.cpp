// hpo schema: the JSON Schema of tuning.yaml, for editors.

#include "engine/config/schema.h"

#include "engine/cli/verbs.h"

namespace hpo::cli {

int run_schema() {
  print(config::tuning_schema());
  return kDone;
}

}  // namespace hpo::cli
