#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "objectives/csv.h"
#include "objectives/glyphs.h"
#include "trainers/batch/locked_file.h"
#include "trainers/batch/output.h"
#include "trainers/prediction.h"

namespace hpo::batch {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// `<file>.partial`: a line of JSON that says what makes the file, then for each photo
// [name, whether it could be read, its line].

std::string text_of(const ordered_json& json) {
  return json.dump(-1, ' ', true, ordered_json::error_handler_t::replace);
}

/// A name as the partial file has it: text, whatever its bytes.
std::string key_of(const Input& input) { return printable(input.name); }

std::string head_text(const OutputOptions& options, bool is_csv) {
  ordered_json head = {{"model", options.model}, {"format", is_csv ? "csv" : "jsonl"}};
  if (options.top_k) head["top_k"] = *options.top_k;
  return text_of(head) + "\n";
}

struct Entry {
  std::string key = {};
  bool is_good = true;
  std::string line = {};
};

std::string text_of(const Entry& entry) {
  return text_of(ordered_json::array({entry.key, entry.is_good, entry.line})) + "\n";
}

/// Nothing where it is damaged.
std::optional<Entry> entry_of(const std::string& text) {
  const auto json = ordered_json::parse(text, nullptr, false);
  if (!json.is_array() || json.size() != 3 || !json[0].is_string() || !json[1].is_boolean() ||
      !json[2].is_string()) {
    return std::nullopt;
  }
  return Entry{.key = json[0], .is_good = json[1], .line = json[2]};
}

class Table final : public Output {
 public:
  Table(fs::path file, LockedFile partial, const OutputOptions& options)
      : file_(std::move(file)),
        partial_(std::move(partial)),
        options_(options),
        is_csv_(file_.extension() == ".csv") {}

  /// Finds what was done, up to a line that a kill cut off.
  Result<void> prepare() {
    const std::string head = head_text(options_, is_csv_);
    std::ifstream partial(partial_.path(), std::ios::binary);
    std::string line;
    if (!std::getline(partial, line) || line + "\n" != head) {
      size_ = 0;
      if (auto emptied = partial_.keep(0); !emptied) return emptied;
      return add_line(head);
    }
    size_ = head.size();
    while (std::getline(partial, line) && !partial.eof()) {
      const auto entry = entry_of(line);
      if (!entry) break;
      done_[entry->key] = {.at = size_, .is_good = entry->is_good};
      size_ += line.size() + 1;
    }
    return partial_.keep(size_);
  }

  [[nodiscard]] Known known(const Input& input) const override {
    const auto found = done_.find(key_of(input));
    if (found == done_.end()) return Known::no;
    return found->second.is_good ? Known::predicted : Known::bad;
  }

  Result<void> add(const Predicted& predicted) override {
    const Entry entry{.key = key_of(predicted.input),
                      .is_good = predicted.row != nullptr,
                      .line = is_csv_ ? csv_of(predicted) : json_of(predicted)};
    const Done done{.at = size_, .is_good = entry.is_good};
    if (auto added = add_line(text_of(entry)); !added) return added;
    done_[entry.key] = done;
    return {};
  }

  Result<void> finish(std::span<const Input> inputs) override {
    const fs::path temporary = file_.string() + ".tmp";
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    std::ifstream partial(partial_.path(), std::ios::binary);
    if (is_csv_) out << csv_head();
    std::string line;
    for (const Input& input : inputs) {
      partial.seekg(static_cast<std::streamoff>(done_.at(key_of(input)).at));
      std::getline(partial, line);
      const auto entry = entry_of(line);
      if (!entry) out.setstate(std::ios::failbit);
      if (entry) out << entry->line;
    }
    out.close();
    if (!out || std::rename(temporary.c_str(), file_.c_str()) != 0) {
      return Error{.code = ErrorCode::environment,
                   .message = file_.string() + ": cannot be written",
                   .hint = "the predictions are kept: the same command goes on"};
    }
    return partial_.remove();
  }

  [[nodiscard]] std::string place() const override { return "in " + file_.string(); }

 private:
  /// Where a photo's line begins in the partial file, and whether the photo could be read.
  struct Done {
    std::size_t at = 0;
    bool is_good = true;
  };

  Result<void> add_line(std::string_view line) {
    size_ += line.size();
    return partial_.add(line);
  }

  [[nodiscard]] std::size_t columns() const {
    return std::min(options_.top_k.value_or(1), options_.classes.size());
  }

  [[nodiscard]] std::string csv_head() const {
    std::vector<std::string> fields = {"file", "predicted_class", "probability"};
    for (std::size_t i = 2; i <= columns(); ++i) {
      fields.push_back(fmt::format("class_{}", i));
      fields.push_back(fmt::format("probability_{}", i));
    }
    fields.emplace_back("error");
    return csv_line(fields);
  }

  [[nodiscard]] std::string csv_of(const Predicted& predicted) const {
    std::vector<std::string> fields = {predicted.input.name};
    if (predicted.row != nullptr) {
      const auto best = prediction_fields(options_.classes, *predicted.row, columns());
      fields.insert(fields.end(), best.begin(), best.end());
    }
    fields.resize(1 + 2 * columns());
    fields.emplace_back(predicted.problem);
    return csv_line(fields);
  }

  [[nodiscard]] std::string json_of(const Predicted& predicted) const {
    ordered_json line = {{"file", predicted.input.name}};
    if (predicted.row == nullptr) {
      line["error"] = std::string(predicted.problem);
    } else {
      line.update(ordered_json::parse(
          prediction_document(options_.classes, *predicted.row, options_.top_k)));
    }
    return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  }

  fs::path file_;
  LockedFile partial_;
  OutputOptions options_;
  bool is_csv_;
  std::size_t size_ = 0;  ///< of the partial file
  std::map<std::string, Done> done_ = {};
};

}  // namespace

bool is_table_name(const fs::path& out) {
  const std::string extension = out.extension();
  std::error_code ignored;
  return (extension == ".csv" || extension == ".jsonl") && !fs::is_directory(out, ignored);
}

Result<std::unique_ptr<Output>> open_table(const fs::path& file, const OutputOptions& options) {
  auto partial = LockedFile::open(file.string() + ".partial");
  if (!partial) return partial.error();
  auto table = std::make_unique<Table>(file, std::move(*partial), options);
  if (auto ready = table->prepare(); !ready) return ready.error();
  return std::unique_ptr<Output>(std::move(table));
}

}  // namespace hpo::batch
