#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "objectives/error.h"
#include "storage/sqlite.h"

namespace hpo {

// A rename is two acts, the rows' and the folder's. The first notes the second in the same
// transaction, so that whoever opens either name next can finish what a crash left undone.

/// Renames the rows of a study to `<name>-1`, or the first number that is free, in the caller's
/// transaction, and notes the move of its folder. Paths of artifacts are led to the new folder.
/// Returns the new name.
Result<std::string> rename_rows(Sqlite& sqlite, const std::filesystem::path& database,
                                std::int64_t key, std::string_view name);

/// Whether trials have left their folders, which are named by numbers, in a study's folder.
bool has_trial_folders(const std::filesystem::path& study_folder);

/// Notes, in the caller's transaction, that the folder of that name gets a free one: it was left by
/// a study that this database does not know. Returns the new name.
Result<std::string> note_move(Sqlite& sqlite, const std::filesystem::path& database,
                              std::string_view name);

/// Makes the noted move of a folder, of which the caller holds the lock.
Result<void> move_folder(Sqlite& sqlite, const std::filesystem::path& database,
                         const std::string& from, const std::string& to);

/// Whether a move from or to a study's folder is still to be made.
Result<bool> has_noted_move(Sqlite& sqlite, std::string_view name);

/// Makes the noted moves from or to the folder of `name`. Error: held, if another process is about
/// to.
Result<void> finish_noted_moves(Sqlite& sqlite, const std::filesystem::path& database,
                                std::string_view name);

}  // namespace hpo
