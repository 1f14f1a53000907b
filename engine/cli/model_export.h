#pragma once

#include <filesystem>
#include <string>

#include "engine/cli/study_access.h"
#include "objectives/error.h"

namespace hpo::cli {

/// What was exported.
struct ExportedModel {
  std::filesystem::path file = {};
  std::int64_t trial = 0;
  std::int64_t bytes = 0;
  std::int64_t files = 0;
  std::string sha256 = {};
  bool is_loaded = false;  ///< hpo-model has loaded it back (a model of the built-in trainer)
};

/// Packs the model of the trial that `word` names (`best`, `last`, a number) into `out` (.tar.gz),
/// with provenance. A model of the built-in trainer gets its TorchScript beside the weights and is
/// loaded back once; the folder of another program is packed as it is. The trial's own folder is
/// not touched. Errors: not_found (no such trial, or its model was not kept: names trials that have
/// one); environment; corrupt.
Result<ExportedModel> export_model(const LoadedStudy& loaded, const std::string& word,
                                   const std::filesystem::path& out);

}  // namespace hpo::cli
