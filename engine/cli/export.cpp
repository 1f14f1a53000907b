// hpo export: a trial's model as a package.

#include <nlohmann/json.hpp>

#include "engine/cli/model_export.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/trial_arguments.h"

namespace hpo::cli {

int run_export(const ExportArgs& args) {
  const Format format = args.of.look.format;
  const auto loaded = load_study(args.of.look.storage, args.of.study);
  if (!loaded) return fail(loaded.error(), format);
  const auto exported = export_model(*loaded, args.trial, args.out);
  if (!exported) return fail(exported.error(), format);
  if (format == Format::json) {
    print_json({{"study", loaded->name()},
                {"trial", exported->trial},
                {"file", std::filesystem::absolute(exported->file).lexically_normal().string()},
                {"bytes", exported->bytes},
                {"files", exported->files},
                {"sha256", exported->sha256},
                {"loaded", exported->is_loaded}});
    return kDone;
  }
  print(fmt::format("{}: the model of trial {}, {}, {} bytes{}\n", printable(args.out),
                    exported->trial, counted(exported->files, "file"), exported->bytes,
                    exported->is_loaded ? ", loaded back" : ", read back"));
  if (exported->is_loaded) {
    suggest(format, fmt::format("hpo predict {} PHOTOS --out predictions", shell_line({args.out})));
  }
  return kDone;
}

}  // namespace hpo::cli
