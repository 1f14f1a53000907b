#include "engine/sagemaker/job_note.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/execution/files.h"
#include "objectives/json.h"

namespace hpo::sagemaker {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::optional<JobNote> note_from(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  try {
    JobNote note{.job = parsed->at("job").get<std::string>(),
                 .owner = parsed->at("owner").get<std::string>(),
                 .instance_type = parsed->value("instance_type", ""),
                 .checkpoints = parsed->value("checkpoints", ""),
                 .instances = parsed->value("instances", 1.0)};
    if (parsed->contains("billable_s")) note.billable_s = parsed->at("billable_s").get<double>();
    return note;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

fs::path note_file(const TrialDirectory& directory, int attempt) {
  return directory.root / fmt::format("attempt-{}.job.json", attempt);
}

std::optional<JobNote> read_note(const TrialDirectory& directory, int attempt) {
  return note_from(note_file(directory, attempt));
}

Result<void> write_note(const TrialDirectory& directory, int attempt, const JobNote& note) {
  if (auto made = execution::make_folder(directory.root); !made) return made;
  json text = {{"job", note.job},
               {"owner", note.owner},
               {"instance_type", note.instance_type},
               {"checkpoints", note.checkpoints},
               {"instances", note.instances}};
  if (note.billable_s) text["billable_s"] = *note.billable_s;
  return execution::write_file(note_file(directory, attempt), text.dump(2) + "\n");
}

std::vector<JobNote> all_notes(const fs::path& study_folder) {
  std::vector<JobNote> notes;
  std::error_code error;
  for (fs::directory_iterator trial(study_folder, error), end; !error && trial != end;
       trial.increment(error)) {
    std::error_code inner;
    for (fs::directory_iterator file(trial->path(), inner); !inner && file != end;
         file.increment(inner)) {
      if (!file->path().string().ends_with(".job.json")) continue;
      if (auto note = note_from(file->path())) notes.push_back(*std::move(note));
    }
  }
  return notes;
}

}  // namespace hpo::sagemaker
