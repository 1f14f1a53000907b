#include "trainers/checkpoint.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "trainers/files.h"
#include "trainers/images/file_bytes.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kIndexFile = "checkpoint.json";
constexpr const char* kOptimizer = "optimizer";  // no tensor of a network is called that
constexpr int kFormatVersion = 1;

json to_json(const TrainingState& state) {
  return {{"phase", state.phase},     {"batch", state.batch},     {"loss_sum", state.loss_sum},
          {"correct", state.correct}, {"history", state.history}, {"best_epoch", state.best_epoch}};
}

TrainingState state_from(const json& in) {
  TrainingState state;
  in.at("phase").get_to(state.phase);
  in.at("batch").get_to(state.batch);
  in.at("loss_sum").get_to(state.loss_sum);
  in.at("correct").get_to(state.correct);
  in.at("history").get_to(state.history);
  in.at("best_epoch").get_to(state.best_epoch);
  return state;
}

/// Writes the tensors and answers how the index names them.
Result<json> write_tensors(const fs::path& folder, const std::string& name,
                           const TensorMap& tensors) {
  const auto bytes = to_safetensors_bytes(tensors, {});
  if (auto written = write_atomically(folder / name, bytes); !written) return written.error();
  return json{{"file", name}, {"sha256", sha256_hex(bytes)}};
}

Result<TensorMap> read_tensors(const fs::path& folder, const json& named) {
  const fs::path file = folder / named.at("file").get<std::string>();
  auto bytes = read_file_bytes(file);
  if (!bytes) return bytes.error();
  if (sha256_hex(*bytes) != named.at("sha256").get<std::string>()) {
    return Error{.code = ErrorCode::corrupt, .message = file.string() + ": its SHA-256 is wrong"};
  }
  auto parsed = parse_safetensors(std::move(*bytes), file.string());
  if (!parsed) return parsed.error();
  TensorMap tensors;
  for (const auto& [name, view] : parsed->tensors) tensors[name] = to_tensor(view);
  return tensors;
}

Result<Checkpoint> read_checkpoint(const fs::path& folder, const json& index) {
  Checkpoint checkpoint;
  checkpoint.state = state_from(index.at("state"));
  auto tensors = read_tensors(folder, index.at("tensors"));
  if (!tensors) return tensors.error();
  checkpoint.tensors = std::move(*tensors);
  if (const auto blob = checkpoint.tensors.find(kOptimizer); blob != checkpoint.tensors.end()) {
    checkpoint.optimizer = text_of(blob->second);
    checkpoint.tensors.erase(blob);
  }
  if (index.contains("best")) {
    auto best = read_tensors(folder, index.at("best"));
    if (!best) return best.error();
    checkpoint.best = std::move(*best);
  }
  return checkpoint;
}

json read_index(const fs::path& folder) {
  const auto text = read_text(folder / kIndexFile);
  return text ? json::parse(*text, nullptr, false) : json();
}

void remove_others(const fs::path& folder, const json& index) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename();
    const bool used = name == kIndexFile || name == index["tensors"]["file"] ||
                      (index.contains("best") && name == index["best"]["file"]);
    const bool ours = name.starts_with("epoch-") || name.starts_with("best-");
    if (ours && !used) fs::remove(entry.path(), ignored);
  }
}

}  // namespace

CheckpointFolder::CheckpointFolder(fs::path folder, std::string fingerprint)
    : folder_(std::move(folder)), fingerprint_(std::move(fingerprint)) {}

std::optional<Checkpoint> CheckpointFolder::load(std::string& notice) const {
  if (!fs::exists(folder_ / kIndexFile)) return std::nullopt;
  const json index = read_index(folder_);
  try {
    if (!index.is_object() || index.at("format_version") != kFormatVersion) {
      notice = "the checkpoint cannot be read; training begins anew";
      return std::nullopt;
    }
    if (index.at("fingerprint") != fingerprint_) {
      notice = "the checkpoint is of other hyperparameters or data; training begins anew";
      return std::nullopt;
    }
    auto checkpoint = read_checkpoint(folder_, index);
    if (checkpoint) return std::move(*checkpoint);
    notice = checkpoint.error().message + "; training begins anew";
  } catch (const json::exception& e) {
    notice = fmt::format("the checkpoint is damaged ({}); training begins anew", e.what());
  }
  return std::nullopt;
}

Result<void> CheckpointFolder::save(const Checkpoint& checkpoint) {
  const TrainingState& state = checkpoint.state;
  TensorMap tensors = checkpoint.tensors;
  if (!checkpoint.optimizer.empty()) tensors[kOptimizer] = bytes_tensor(checkpoint.optimizer);
  json index = {
      {"format_version", kFormatVersion}, {"fingerprint", fingerprint_}, {"state", to_json(state)}};
  auto written = write_tensors(
      folder_, fmt::format("epoch-{}-{}.safetensors", state.epoch(), state.batch), tensors);
  if (!written) return written.error();
  index["tensors"] = *written;
  if (state.best_epoch > 0) {
    const std::string name = fmt::format("best-{}.safetensors", state.best_epoch);
    const json before = read_index(folder_);
    const bool is_there = before.is_object() && before.value("fingerprint", "") == fingerprint_ &&
                          before.contains("best") && before["best"].value("file", "") == name;
    auto best =
        is_there ? Result<json>(before["best"]) : write_tensors(folder_, name, checkpoint.best);
    if (!best) return best.error();
    index["best"] = *best;
  }
  if (auto saved = write_atomically(folder_ / kIndexFile, index.dump()); !saved) return saved;
  remove_others(folder_, index);
  return {};
}

}  // namespace hpo
