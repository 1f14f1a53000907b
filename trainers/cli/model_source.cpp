#include "trainers/cli/model_source.h"

#include <stdlib.h>

#include <string>
#include <system_error>
#include <utility>

#include "storage/model_package.h"

namespace hpo::cli {

namespace fs = std::filesystem;

ModelSource::ModelSource(ModelSource&& other) noexcept
    : folder_(std::move(other.folder_)), temporary_(std::exchange(other.temporary_, false)) {}

ModelSource& ModelSource::operator=(ModelSource&& other) noexcept {
  if (this == &other) return *this;
  remove();
  folder_ = std::move(other.folder_);
  temporary_ = std::exchange(other.temporary_, false);
  return *this;
}

ModelSource::~ModelSource() { remove(); }

void ModelSource::remove() {
  std::error_code ignored;
  if (temporary_) fs::remove_all(folder_, ignored);
}

Result<ModelSource> open_model(const fs::path& model) {
  if (fs::is_directory(model)) return ModelSource(model, false);
  if (!fs::exists(model)) {
    return Error{.code = ErrorCode::not_found,
                 .message = model.string() + ": no such model",
                 .hint = "give a model.tar.gz of `hpo export`, or the folder of a trial's model"};
  }
  std::error_code failed;
  std::string name = (fs::temp_directory_path(failed) / "hpo-model-XXXXXX").string();
  if (failed || ::mkdtemp(name.data()) == nullptr) {
    return Error{.code = ErrorCode::environment,
                 .message = "cannot make a temporary folder to unpack " + model.string(),
                 .hint = "TMPDIR names another place"};
  }
  ModelSource source(name, true);
  if (auto done = extract_model_package(model, source.folder()); !done) return done.error();
  return source;
}

Result<std::unique_ptr<Classifier>> load_model(const fs::path& model) {
  auto source = open_model(model);
  if (!source) return source.error();
  return load_classifier(source->folder(), classifier_options_from_environment());
}

}  // namespace hpo::cli
