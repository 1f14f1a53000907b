#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/batch/inputs.h"
#include "trainers/batch/pipeline.h"

namespace hpo::batch {

/// What predictions depend on besides the photo.
struct OutputOptions {
  std::vector<std::string> classes = {};
  std::optional<std::size_t> top_k = {};
  std::string model = {};  ///< a sum that another model would not have
};

/// nothing; its prediction; that it cannot be read.
enum class Known { no, predicted, bad };

/// Where predictions go. It survives its process: opened again, with the same model, it knows what
/// was written before, to the last photo; with another model it begins anew.
class Output {
 public:
  virtual ~Output() = default;

  /// What was written about this photo before.
  [[nodiscard]] virtual Known known(const Input& input) const = 0;
  virtual Result<void> add(const Predicted& predicted) = 0;
  /// To be called once everything was added. inputs: all of them.
  virtual Result<void> finish(std::span<const Input> inputs) = 0;
  /// For people: `one .out each in DIR`.
  [[nodiscard]] virtual std::string place() const = 0;
};

/// One `<name>.out` for each photo, as Batch Transform writes them; none for one that cannot be
/// read, which is tried again next time, as is one that changed since. Errors: environment; held,
/// while another process writes there.
Result<std::unique_ptr<Output>> open_out_folder(const std::filesystem::path& folder,
                                                std::span<const Input> inputs,
                                                const OutputOptions& options);

/// Whether the name asks for one file: .csv or .jsonl.
bool is_table_name(const std::filesystem::path& out);

/// One file with a line for each photo, in the inputs' order; bad ones have an `error`. It appears
/// whole, at the end; until then `<file>.partial` gathers what is done. Errors as above.
Result<std::unique_ptr<Output>> open_table(const std::filesystem::path& file,
                                           const OutputOptions& options);

}  // namespace hpo::batch
