// hpo report: studies as one page that needs nothing but itself.

#include <nlohmann/json.hpp>

#include "engine/cli/study_access.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/report/page.h"
#include "engine/report/page_data.h"
#include "storage/file_io.h"

namespace hpo::cli {
namespace {

/// The studies of the storage that are named; without a name the only one.
Result<std::vector<LoadedStudy>> load_studies(const ReportArgs& args) {
  std::vector<LoadedStudy> studies;
  if (args.studies.empty()) {
    auto only = load_study(args.look.storage, "");
    if (!only) return only.error();
    studies.push_back(std::move(*only));
  }
  for (const auto& name : args.studies) {
    auto loaded = load_study(args.look.storage, name);
    if (!loaded) return loaded.error();
    studies.push_back(std::move(*loaded));
  }
  return studies;
}

Result<std::string> page_of(const std::vector<LoadedStudy>& studies) {
  std::vector<report::StudySource> sources;
  std::string title = "hpo:";
  for (const auto& loaded : studies) {
    sources.push_back({.stored = loaded.stored,
                       .reader = *loaded.reader,
                       .folder = loaded.folder(),
                       .flags = study_flags(loaded.file, loaded.name())});
    title += " " + printable(loaded.name());
  }
  const auto data = report::page_data(sources, HPO_VERSION, current_time());
  if (!data) return data.error();
  return report::page(title, *data);
}

/// The whole page takes the file's place at once.
Result<void> write(const std::filesystem::path& file, std::string_view page) {
  Draft draft(file);
  auto output = OutputFile::create(draft.path(), file);
  if (!output) return output.error();
  if (auto written = output->write(page); !written) return written;
  if (auto synced = output->sync(); !synced) return synced;
  return draft.publish();
}

}  // namespace

int run_report(const ReportArgs& args) {
  const Format format = args.look.format;
  const auto studies = load_studies(args);
  if (!studies) return fail(studies.error(), format);
  const auto page = page_of(*studies);
  if (!page) return fail(page.error(), format);
  if (args.html == "-") {
    print(*page);
    return kDone;
  }
  const std::string file = args.html.empty() ? studies->front().name() + ".html" : args.html;
  if (const auto written = write(file, *page); !written) return fail(written.error(), format);
  if (format == Format::json) {
    print_json({{"html", file}, {"bytes", page->size()}});
  } else {
    print(fmt::format("{} ({:.1f} MB): open it in a browser\n", printable(file),
                      static_cast<double>(page->size()) / 1e6));
  }
  return kDone;
}

}  // namespace hpo::cli
