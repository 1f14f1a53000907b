#include "trainers/bird_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>
#include <variant>

#include "objectives/spelling.h"
#include "trainers/architecture.h"

namespace hpo {
namespace {

struct IntField {
  std::int64_t BirdOptions::*member;
  std::int64_t min;
  std::int64_t max;
};
struct FloatField {
  double BirdOptions::*member;
  double min;
  double max;
  bool open = false;  ///< the bounds themselves are not allowed
};
struct ChoiceField {
  std::string BirdOptions::*member;
  std::vector<std::string> values;
};
struct BlockField {};
/// An optional number: unset, something else decides.
struct OptionalField {
  std::optional<double> BirdOptions::*member;
  double min;
  double max;
};
struct ViewsField {};
struct SeedField {};
struct BoolField {
  bool BirdOptions::*member;
};

struct Field {
  std::string name;
  std::variant<IntField, FloatField, ChoiceField, BlockField, OptionalField, ViewsField, SeedField,
               BoolField>
      kind;
  std::string meaning;
};

constexpr std::int64_t kHead = 19;  // MobileNetV2 has the blocks 0 to 18, ResNet-50 fewer
constexpr double kMinAlpha = 0.1;
constexpr double kMaxAlpha = 2;
constexpr std::int64_t kMaxViews = 64;

const std::vector<Field>& fields() {
  using O = BirdOptions;
  static const std::vector<Field> all = {
      {"backbone", ChoiceField{&O::backbone, {"mobilenet_v2", "resnet50"}},
       "the features' network"},
      {"image_size", IntField{&O::image_size, 32, 512}, "pixels of each side"},
      {"batch_size", IntField{&O::batch_size, 1, 1024}, "photos per step"},
      {"initial_epochs", IntField{&O::initial_epochs, 0, 10000}, "head on the frozen backbone"},
      {"initial_lr", FloatField{&O::initial_lr, 0, 10, true}, "learning rate of that phase"},
      {"fine_tuning_epochs", IntField{&O::fine_tuning_epochs, 0, 10000},
       "head and upper blocks together"},
      {"fine_tuning_lr", FloatField{&O::fine_tuning_lr, 0, 10, true},
       "learning rate of that phase"},
      {"fine_tune_from", BlockField{}, "first block that fine-tuning changes"},
      {"lr_schedule", ChoiceField{&O::lr_schedule, {"constant", "cosine", "plateau"}},
       "within a phase; plateau: halved"},
      {"lr_patience", IntField{&O::lr_patience, 1, 10000}, "epochs of a plateau"},
      {"early_stop", IntField{&O::early_stop, 0, 10000},
       "epochs without a better loss that end a phase; 0: none"},
      {"optimizer", ChoiceField{&O::optimizer, {"adam", "sgd", "rmsprop"}}, "of both phases"},
      {"momentum", FloatField{&O::momentum, 0, 0.9999}, "of sgd and rmsprop"},
      {"weight_decay", FloatField{&O::weight_decay, 0, 1}, "L2 penalty on all trained tensors"},
      {"label_smoothing", FloatField{&O::label_smoothing, 0, 0.9}, "share spread over all classes"},
      {"class_weights", ChoiceField{&O::class_weights, {"none", "balanced"}},
       "balanced: rare classes count more"},
      {"dropout", FloatField{&O::dropout, 0, 0.95}, "before the last layer"},
      {"num_fully_connected_layers", IntField{&O::num_fully_connected_layers, 0, 8},
       "hidden layers of the head"},
      {"num_unit_per_layer", IntField{&O::num_unit_per_layer, 1, 8192}, "units of each of them"},
      {"augment", ChoiceField{&O::augment, {"auto", "none", "flip", "zoom", "crop", "workshop"}},
       "how views of a photo differ; refined by:"},
      {"flip", ChoiceField{&O::flip, {"auto", "none", "horizontal", "both"}}, "which ways"},
      {"rotation", OptionalField{&O::rotation, 0, 0.5}, "up to this share of a turn"},
      {"crop", OptionalField{&O::crop, 0, 0.9}, "up to this share of each side is cut off"},
      {"colour", OptionalField{&O::colour, 0, 1}, "brightness, contrast, saturation vary by it"},
      {"views", ViewsField{}, "of each photo (4; from scratch 0: new ones each epoch)"},
      {"alpha", OptionalField{&O::alpha, kMinAlpha, kMaxAlpha},
       "MobileNetV2's width (that of the weights; from scratch 0.35)"},
      {"seed", SeedField{}, "of weights, order, dropout and views"},
      {"cache", BoolField{&O::cache}, "keep what the frozen layers compute"},
  };
  return all;
}

std::optional<double> number_in(const ParameterValue& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  if (const auto* d = std::get_if<double>(&value)) return *d;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr || text->empty()) return std::nullopt;
  double parsed = 0;
  const char* end = text->data() + text->size();
  const auto [stop, code] = std::from_chars(text->data(), end, parsed);
  if (code != std::errc() || stop != end) return std::nullopt;
  return parsed;
}

std::optional<std::int64_t> integer_in(const ParameterValue& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value)) return *i;
  const auto number = number_in(value);
  constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it a double is no certain integer
  if (!number || std::floor(*number) != *number || std::abs(*number) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

/// Sets one option from a value; answers what is wrong with it, or an empty text.
struct SetField {
  const ParameterValue& value;
  BirdOptions& options;

  [[nodiscard]] std::string got() const { return fmt::format(", got {}", to_text(value)); }

  std::string operator()(const IntField& f) const {
    const auto number = integer_in(value);
    if (!number || *number < f.min || *number > f.max) {
      return fmt::format("must be an integer from {} to {}", f.min, f.max) + got();
    }
    options.*f.member = *number;
    return {};
  }
  std::string operator()(const FloatField& f) const {
    const auto number = number_in(value);
    const bool inside = number && std::isfinite(*number) &&
                        (f.open ? *number > f.min : *number >= f.min) && *number <= f.max;
    if (!inside) {
      return fmt::format("must be a number {} {} and at most {}", f.open ? "above" : "from", f.min,
                         f.max) +
             got();
    }
    options.*f.member = *number;
    return {};
  }
  std::string operator()(const ChoiceField& f) const {
    const std::string text = to_text(value);
    if (std::find(f.values.begin(), f.values.end(), text) == f.values.end()) {
      return fmt::format("must be one of {}", fmt::join(f.values, ", ")) + got();
    }
    options.*f.member = text;
    return {};
  }
  std::string operator()(const BlockField&) const {
    auto block = integer_in(value);
    std::string text = to_text(value);
    if (text == "head") block = kHead;
    if (text == "all") block = 0;
    if (const auto named = block_number(text)) block = named;
    if (!block || *block < 0 || *block > kHead) {
      return fmt::format("must be a block from 0 (all) to {} (head), or its name as features.13",
                         kHead) +
             got();
    }
    options.fine_tune_from = *block;
    return {};
  }
  std::string operator()(const OptionalField& f) const {
    const auto number = number_in(value);
    if (!number || !(*number >= f.min) || *number > f.max) {
      return fmt::format("must be a number from {} to {}", f.min, f.max) + got();
    }
    options.*f.member = *number;
    return {};
  }
  std::string operator()(const ViewsField&) const {
    const auto number = integer_in(value);
    if (!number || *number < 0 || *number > kMaxViews) {
      return fmt::format("must be an integer from 0 to {}", kMaxViews) + got();
    }
    options.views = *number;
    return {};
  }
  std::string operator()(const SeedField&) const {
    const auto number = integer_in(value);
    if (!number || *number < 0) return "must be an integer from 0" + got();
    options.seed = static_cast<std::uint64_t>(*number);
    return {};
  }
  std::string operator()(const BoolField& f) const {
    const std::string text = to_text(value);
    const bool on = text == "true" || text == "True";  // Python writes it with a capital
    if (!on && text != "false" && text != "False") return "must be true or false" + got();
    options.*f.member = on;
    return {};
  }
};

/// The option's value; nothing where it is unset.
struct GetField {
  const BirdOptions& options;
  using Value = std::optional<ParameterValue>;
  Value operator()(const IntField& f) const { return ParameterValue{options.*f.member}; }
  Value operator()(const FloatField& f) const { return ParameterValue{options.*f.member}; }
  Value operator()(const ChoiceField& f) const { return ParameterValue{options.*f.member}; }
  Value operator()(const BlockField&) const { return ParameterValue{options.fine_tune_from}; }
  Value operator()(const OptionalField& f) const {
    const auto& number = options.*f.member;
    return number ? Value{ParameterValue{*number}} : std::nullopt;
  }
  Value operator()(const ViewsField&) const {
    return options.views ? Value{ParameterValue{*options.views}} : std::nullopt;
  }
  Value operator()(const SeedField&) const {
    if (!options.seed) return std::nullopt;
    return ParameterValue{static_cast<std::int64_t>(*options.seed)};
  }
  Value operator()(const BoolField& f) const { return ParameterValue{options.*f.member}; }
};

struct DescribeRange {
  std::string operator()(const IntField& f) const { return fmt::format("{} to {}", f.min, f.max); }
  std::string operator()(const FloatField& f) const {
    return fmt::format("{}{} to {}", f.open ? "above " : "", f.min, f.max);
  }
  std::string operator()(const ChoiceField& f) const {
    return fmt::format("{}", fmt::join(f.values, " | "));
  }
  std::string operator()(const BlockField&) const {
    return "0 to 19 | features.N | layerS.N | all | head";
  }
  std::string operator()(const OptionalField& f) const {
    return fmt::format("{} to {}", f.min, f.max);
  }
  std::string operator()(const ViewsField&) const { return fmt::format("0 to {}", kMaxViews); }
  std::string operator()(const SeedField&) const { return "from 0"; }
  std::string operator()(const BoolField&) const { return "true | false"; }
};

/// Names that SageMaker adds to a job's hyperparameters and no program asked for.
bool is_sagemakers_own(std::string_view name) {
  return name.starts_with("sagemaker_") || name.starts_with("_");
}

std::string unknown_name(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& field : fields()) known.push_back(field.name);
  const std::string near = nearest_name(name, known);
  return near.empty() ? "is no hyperparameter of bird_classifier"
                      : fmt::format("is unknown; did you mean \"{}\"?", near);
}

}  // namespace

Result<BirdOptions> bird_options_from(const Configuration& hyperparameters) {
  BirdOptions options;
  std::vector<std::string> problems;
  for (const auto& [name, value] : hyperparameters) {
    if (is_sagemakers_own(name)) continue;
    const auto field = std::find_if(fields().begin(), fields().end(),
                                    [&n = name](const Field& f) { return f.name == n; });
    const std::string problem = field == fields().end()
                                    ? unknown_name(name)
                                    : std::visit(SetField{value, options}, field->kind);
    if (!problem.empty()) problems.push_back(fmt::format("hyperparameter {} {}", name, problem));
  }
  if (problems.empty() && options.epochs() == 0) {
    problems.emplace_back("hyperparameters initial_epochs and fine_tuning_epochs are both 0");
  }
  if (problems.empty()) return options;
  return Error{.code = ErrorCode::usage,
               .message = fmt::format("{}", fmt::join(problems, "\n")),
               .hint = "`hpo-model hyperparameters` lists them all"};
}

Augmentation augmentation_of(const BirdOptions& options, bool from_scratch) {
  constexpr double kZoom = 0.15;     // of the workshop: 5 to 15 %
  constexpr double kCrop = 0.3;      // without ImageNet's experience the bird must be learnt
  constexpr double kRotation = 0.3;  // of the workshop
  std::string preset = options.augment;
  if (preset == "auto") preset = from_scratch ? "crop" : "flip";
  Augmentation a{.mirror = preset != "none"};
  if (preset == "zoom" || preset == "workshop") a.crop = kZoom;
  if (preset == "crop") a.crop = kCrop;
  if (preset == "workshop") {
    a.upend = true;
    a.rotation = kRotation;
  }
  if (options.flip != "auto") {
    a.mirror = options.flip != "none";
    a.upend = options.flip == "both";
  }
  a.rotation = options.rotation.value_or(a.rotation);
  a.crop = options.crop.value_or(a.crop);
  a.colour = options.colour.value_or(a.colour);
  return a;
}

Configuration to_configuration(const BirdOptions& options) {
  Configuration configuration;
  for (const auto& field : fields()) {
    if (auto value = std::visit(GetField{options}, field.kind)) configuration[field.name] = *value;
  }
  return configuration;
}

std::string describe_bird_options() {
  std::string text;
  const BirdOptions defaults;
  for (const auto& field : fields()) {
    const auto value = std::visit(GetField{defaults}, field.kind);
    text += fmt::format("{:27} {:8} {:46} {}\n", field.name, value ? to_text(*value) : "-",
                        std::visit(DescribeRange{}, field.kind), field.meaning);
  }
  return text;
}

}  // namespace hpo
