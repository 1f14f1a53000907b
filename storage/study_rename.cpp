#include "storage/study_rename.h"

#include <fmt/format.h>

#include <vector>

#include "storage/study_folder.h"
#include "storage/study_store.h"
#include "storage/writer_lock.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

struct FolderMove {
  std::string from;
  std::string to;
};

Result<std::vector<FolderMove>> noted_moves(Sqlite& sqlite, std::string_view name) {
  std::vector<FolderMove> moves;
  auto query = sqlite.query(
      "SELECT from_name, to_name FROM folder_move WHERE from_name = ?1 OR to_name = ?1", name);
  while (true) {
    const auto row = query.next();
    if (!row) return row.error();
    if (!*row) return moves;
    moves.push_back({.from = query.text(0), .to = query.text(1)});
  }
}

Result<bool> is_free(Sqlite& sqlite, const fs::path& database, const std::string& name) {
  auto query = sqlite.query("SELECT 1 FROM study WHERE name = ?1", name);
  const auto row = query.next();
  if (!row) return row.error();
  return !*row && !fs::exists(study_folder(database, name));
}

Result<std::string> free_name(Sqlite& sqlite, const fs::path& database, std::string_view name) {
  for (int number = 1;; ++number) {
    auto candidate = numbered_name(name, number);
    const auto is_candidate_free = is_free(sqlite, database, candidate);
    if (!is_candidate_free) return is_candidate_free.error();
    if (*is_candidate_free) return candidate;
  }
}

}  // namespace

Result<std::string> rename_rows(Sqlite& sqlite, const fs::path& database, std::int64_t key,
                                std::string_view name) {
  auto to = free_name(sqlite, database, name);
  if (!to) return to.error();
  const auto renamed = sqlite.run("UPDATE study SET name = ?2 WHERE key = ?1", key, *to);
  if (!renamed) return renamed.error();
  const auto artifacts = sqlite.run(
      "UPDATE trial SET artifact = ?3 || substr(artifact, length(?2) + 1) "
      "WHERE study = ?1 AND substr(artifact, 1, length(?2)) = ?2",
      key, study_folder(database, name).string() + "/", study_folder(database, *to).string() + "/");
  if (!artifacts) return artifacts.error();
  const auto noted = sqlite.run("INSERT INTO folder_move VALUES (?1, ?2)", name, *to);
  if (!noted) return noted.error();
  return to;
}

bool has_trial_folders(const fs::path& study_folder) {
  std::error_code failed;
  for (fs::directory_iterator at(study_folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::string name = at->path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos) return true;
  }
  return false;
}

Result<std::string> note_move(Sqlite& sqlite, const fs::path& database, std::string_view name) {
  auto to = free_name(sqlite, database, name);
  if (!to) return to.error();
  const auto noted = sqlite.run("INSERT INTO folder_move VALUES (?1, ?2)", name, *to);
  if (!noted) return noted.error();
  return to;
}

Result<void> move_folder(Sqlite& sqlite, const fs::path& database, const std::string& from,
                         const std::string& to) {
  const auto source = study_folder(database, from);
  const auto target = study_folder(database, to);
  // A target that is there already: a crash came between the move and the end of its note.
  if (fs::exists(source) && !fs::exists(target)) {
    std::error_code failed;
    fs::rename(source, target, failed);
    if (failed) {
      return Error{.code = ErrorCode::environment,
                   .message = fmt::format("cannot rename {} to {} ({})", source.string(),
                                          target.string(), failed.message()),
                   .hint = "check that you may write the folder; the next `hpo run` tries again"};
    }
  }
  return sqlite.run("DELETE FROM folder_move WHERE from_name = ?1", from);
}

Result<bool> has_noted_move(Sqlite& sqlite, std::string_view name) {
  const auto moves = noted_moves(sqlite, name);
  if (!moves) return moves.error();
  return !moves->empty();
}

Result<void> finish_noted_moves(Sqlite& sqlite, const fs::path& database, std::string_view name) {
  const auto moves = noted_moves(sqlite, name);
  if (!moves) return moves.error();
  for (const auto& move : *moves) {
    const auto source = study_folder(database, move.from);
    if (!fs::exists(source)) {
      if (auto done = move_folder(sqlite, database, move.from, move.to); !done) return done;
      continue;
    }
    const auto lock = WriterLock::acquire(source);
    if (!lock) return lock.error();
    if (auto done = move_folder(sqlite, database, move.from, move.to); !done) return done;
  }
  return {};
}

}  // namespace hpo
