// hpo delete: a study's rows and folders.

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/cli/study_access.h"
#include "engine/cli/study_text.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

bool is_agreed(const LoadedStudy& loaded) {
  note(fmt::format("This removes study {} ({}) with its folder {}: trials, logs and models.",
                   loaded.name(),
                   counted(static_cast<std::int64_t>(loaded.study().trials.size()), "trial"),
                   printable(loaded.folder().string())));
  const Orphans orphans = orphans_of(loaded);
  if (!orphans.empty()) note(orphans_text(orphans) + "; it ends them");
  std::fputs("Type the study's name to agree: ", stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == loaded.name();
}

/// Removes the folder; a symbolic link is removed, never followed.
Result<void> remove_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_symlink(folder, error)) {
    fs::remove(folder, error);
  } else {
    fs::remove_all(folder, error);
  }
  if (!error) return {};
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("cannot remove all of {}: {}", printable(folder.string()),
                                      error.message()),
               .hint = "the study is gone from the storage; the folder is yours to remove"};
}

/// Ends what still runs of it, so that nothing goes on unseen or writes into a folder that is gone.
Result<void> end_orphans(const LoadedStudy& loaded) {
  const Orphans orphans = orphans_of(loaded);
  if (orphans.empty()) return {};
  auto ended = execution::end_attempts(orphans, CancelReason::kill);
  if (ended) {
    note(fmt::format("ended {} that still ran without hpo",
                     counted(static_cast<std::int64_t>(orphans.size()), "trial")));
  }
  return ended;
}

Result<void> remove_all_of(const LoadedStudy& loaded) {
  const fs::path folder = loaded.folder();
  if (auto ended = end_orphans(loaded); !ended) return ended;
  if (auto removed = remove_study(loaded.file, loaded.name()); !removed) return removed;
  if (auto removed = remove_folder(folder); !removed) return removed;
  rmdir(folder.parent_path().c_str());  // the last study's; one that is not empty stays
  return {};
}

}  // namespace

int run_delete(const DeleteArgs& args) {
  const Format format = args.of.look.format;
  // Unlike a verb that looks, this one never guesses which study is meant.
  if (args.of.study.empty()) return fail({.message = "which study? name it"}, format);
  const auto loaded = load_study(args.of.look.storage, args.of.study);
  if (!loaded) return fail(loaded.error(), format);
  if (!args.yes && isatty(STDIN_FILENO) == 0) {
    return fail({.message = fmt::format("study {} is not removed without --yes", loaded->name())},
                format);
  }
  if (!args.yes && !is_agreed(*loaded)) {
    note("nothing was removed");
    return kUsage;
  }
  // Once more: somebody may have run it while the question stood.
  const auto now = load_study(args.of.look.storage, args.of.study);
  if (!now) return fail(now.error(), format);
  if (auto removed = remove_all_of(*now); !removed) return fail(removed.error(), format);
  note(fmt::format("removed study {}", loaded->name()));
  if (format == Format::json) print_json({{"study", loaded->name()}, {"removed", true}});
  return kDone;
}

}  // namespace hpo::cli
