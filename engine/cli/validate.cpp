// hpo validate: everything that is wrong with a tuning file, and advice.

#include <nlohmann/json.hpp>

#include "engine/cli/file_args.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/tuning_config.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

ordered_json advice_json(const std::vector<Diagnostic>& advice) {
  ordered_json list = ordered_json::array();
  for (const auto& d : advice) {
    list.push_back({{"message", d.message},
                    {"file", d.file},
                    {"line", d.line},
                    {"column", d.column},
                    {"hint", d.hint}});
  }
  return list;
}

}  // namespace

int run_validate(const ValidateArgs& args) {
  const Format format = args.file.format;
  const auto loaded = load_file(args.file, ConfigUse::study);
  if (!loaded.config) return fail(loaded.errors, format);
  const std::string& name = loaded.config->study.name;
  if (format == Format::json) {
    print_json({{"valid", true}, {"study", name}, {"advice", advice_json(loaded.advice)}});
    return kDone;
  }
  note_advice(loaded.advice);
  print(fmt::format(
      "{} is valid: study {}, {}{}\n", printable(args.file.file), name,
      counted(static_cast<std::int64_t>(loaded.config->study.space.parameters.size()), "parameter"),
      loaded.advice.empty() ? "" : ", with advice"));
  suggest(format, "hpo run" + file_flags(args.file));
  return kDone;
}

}  // namespace hpo::cli
