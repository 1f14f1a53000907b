#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "trainers/batch/locked_file.h"
#include "trainers/batch/output.h"
#include "trainers/files.h"
#include "trainers/images/file_bytes.h"
#include "trainers/prediction.h"

namespace hpo::batch {
namespace {

namespace fs = std::filesystem;

/// In the folder: what made the .out files beside it, and the one that is being written.
constexpr const char* kState = ".hpo-predict.json";
constexpr const char* kUnfinished = ".hpo-predict.tmp";

std::string state_text(const OutputOptions& options) {
  nlohmann::ordered_json state = {{"model", options.model}};
  if (options.top_k) state["top_k"] = *options.top_k;
  return state.dump() + "\n";
}

/// When a file was changed, nanoseconds; nothing where there is none.
std::optional<std::int64_t> changed_ns(const fs::path& file) {
  struct stat status = {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

class OutFolder final : public Output {
 public:
  OutFolder(fs::path folder, LockedFile state, OutputOptions options)
      : folder_(std::move(folder)), state_(std::move(state)), options_(std::move(options)) {}

  /// Files of another model, or of nobody knows which, go before the state says otherwise: a kill
  /// leaves none of them with it.
  Result<void> prepare(std::span<const Input> inputs) {
    const auto before = read_text(state_.path());
    if (!before) return before.error();
    if (*before == state_text(options_)) return {};
    if (auto done = state_.keep(0); !done) return done;
    for (const Input& input : inputs) {
      std::error_code failed;
      fs::remove(out_of(input), failed);
      if (failed && failed != std::errc::not_a_directory) {
        return Error{.code = ErrorCode::environment,
                     .message = fmt::format("{}: cannot be replaced: {}", out_of(input).string(),
                                            failed.message())};
      }
    }
    return state_.add(state_text(options_));
  }

  [[nodiscard]] Known known(const Input& input) const override {
    const auto written = changed_ns(out_of(input));
    const bool is_newer = written && *written >= changed_ns(input.file).value_or(INT64_MAX);
    return is_newer ? Known::predicted : Known::no;
  }

  Result<void> add(const Predicted& predicted) override {
    if (predicted.row == nullptr) return {};
    const std::string text =
        prediction_document(options_.classes, *predicted.row, options_.top_k) + "\n";
    return write(out_of(predicted.input), text);
  }

  Result<void> finish(std::span<const Input>) override { return {}; }

  [[nodiscard]] std::string place() const override {
    return "one .out each in " + folder_.string();
  }

 private:
  /// Under another name first: a kill leaves no half of an .out.
  Result<void> write(const fs::path& out, std::string_view text) {
    std::error_code failed;
    if (out.parent_path() != made_) fs::create_directories(out.parent_path(), failed);
    made_ = out.parent_path();
    const fs::path unfinished = folder_ / kUnfinished;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    if (auto done = write_file_bytes(unfinished, {bytes, text.size()}); !done) return done;
    fs::rename(unfinished, out, failed);
    if (!failed) return {};
    return Error{
        .code = ErrorCode::environment,
        .message = fmt::format("{}: cannot be written: {}", out.string(), failed.message())};
  }

  [[nodiscard]] fs::path out_of(const Input& input) const {
    return folder_ / (input.name + ".out");
  }

  fs::path folder_;
  LockedFile state_;
  OutputOptions options_;
  fs::path made_ = {};  ///< the folder that was made last
};

}  // namespace

Result<std::unique_ptr<Output>> open_out_folder(const fs::path& folder,
                                                std::span<const Input> inputs,
                                                const OutputOptions& options) {
  auto state = LockedFile::open(folder / kState);
  if (!state) return state.error();
  auto out = std::make_unique<OutFolder>(folder, std::move(*state), options);
  if (auto ready = out->prepare(inputs); !ready) return ready.error();
  return std::unique_ptr<Output>(std::move(out));
}

}  // namespace hpo::batch
