// hpo enqueue: a configuration to try next, of a study that may be running elsewhere.

#include <nlohmann/json.hpp>

#include "engine/cli/study_access.h"
#include "engine/cli/text.h"
#include "engine/cli/verbs.h"
#include "engine/config/given_configuration.h"
#include "engine/config/yaml_scalar.h"
#include "objectives/json.h"

namespace hpo::cli {
namespace {

/// The values of --set, typed as a file types them.
Result<Configuration> from_sets(const std::vector<std::string>& sets) {
  Configuration given;
  for (const auto& text : sets) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{.message = fmt::format("--set {}: expected NAME=VALUE", printable(text)),
                   .hint = "for example --set lr=0.01"};
    }
    const config::YamlNode node{.kind = config::YamlNode::Kind::scalar,
                                .text = text.substr(equals + 1)};
    given[text.substr(0, equals)] = *config::typed_scalar(node);
  }
  return given;
}

Result<Configuration> from_json(const std::string& text) {
  const auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) {
    return Error{.message = fmt::format("--json: {}",
                                        parsed ? "expected an object" : parsed.error().message),
                 .hint = "for example --json '{\"lr\": 0.01}'"};
  }
  Configuration given;
  for (const auto& [name, item] : parsed->items()) {
    auto value = parameter_value_from(item);
    if (!value) {
      return Error{.message = fmt::format("--json: {}: expected text, a number, true or false",
                                          printable(name))};
    }
    given.emplace(name, std::move(*value));
  }
  return given;
}

/// What was typed; --set goes over --json.
Result<Configuration> given_by(const EnqueueArgs& args) {
  if (args.json.empty() && args.set.empty()) {
    return Error{.message =
                     "which configuration? give --set NAME=VALUE for each parameter, or "
                     "--json OBJECT"};
  }
  auto given = args.json.empty() ? Result<Configuration>(Configuration{}) : from_json(args.json);
  if (!given) return given;
  const auto sets = from_sets(args.set);
  if (!sets) return sets;
  for (const auto& [name, value] : *sets) (*given)[name] = value;
  return given;
}

}  // namespace

int run_enqueue(const EnqueueArgs& args) {
  const Format format = args.of.look.format;
  const auto given = given_by(args);
  if (!given) return fail(given.error(), format);
  const auto loaded = load_study(args.of.look.storage, args.of.study);
  if (!loaded) return fail(loaded.error(), format);
  const auto point = config::configuration_in(loaded->study().spec.space, *given);
  if (!point) return fail(point.error(), format);
  const auto waiting = enqueue(loaded->file, loaded->study().spec, *point);
  if (!waiting) return fail(waiting.error(), format);
  if (format == Format::json) {
    print_json({{"study", loaded->name()},
                {"configuration", to_json(*point)},
                {"queued", *waiting},
                {"pid", loaded->stored.holder ? nlohmann::ordered_json(*loaded->stored.holder)
                                              : nlohmann::ordered_json()}});
  } else {
    note(fmt::format("{} of study {} {} tried next{}", counted(*waiting, "configuration"),
                     loaded->name(), *waiting == 1 ? "is" : "are",
                     loaded->stored.holder ? "" : ", when it goes on"));
  }
  return kDone;
}

}  // namespace hpo::cli
