#include "trainers/training_job.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "objectives/json.h"
#include "trainers/files.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Error unreadable(const std::string& what, const std::string& expected) {
  return {.code = ErrorCode::usage, .message = what + ": expected " + expected};
}

/// A hyperparameter's value: the JSON scalar that its text holds, else the text.
ParameterValue decode(const json& value) {
  if (!value.is_string()) return parameter_value_from(value).value_or(value.dump());
  const auto text = value.get<std::string>();
  const json inner = json::parse(text, nullptr, false);
  if (inner.is_discarded()) return text;
  return parameter_value_from(inner).value_or(text);
}

Result<Configuration> read_hyperparameters(const fs::path& file) {
  if (!fs::exists(file)) return Configuration{};
  auto text = read_text(file);
  if (!text) return text.error();
  const json values = json::parse(*text, nullptr, false);
  if (!values.is_object()) return unreadable(file.string(), "one JSON object");
  Configuration configuration;
  for (const auto& [name, value] : values.items()) configuration[name] = decode(value);
  return configuration;
}

template <class Number>
Result<Number> number_in(const Environment& environment, const char* name, Number otherwise) {
  const auto text = environment(name);
  if (!text || text->empty()) return otherwise;
  Number number{};
  const char* end = text->data() + text->size();
  const auto [stop, code] = std::from_chars(text->data(), end, number);
  if (code != std::errc() || stop != end) {
    return unreadable(fmt::format("{}={}", name, *text), "a number");
  }
  return number;
}

Result<std::optional<ObjectiveSpec>> read_objective(const Environment& environment) {
  const auto metric = environment("HPO_OBJECTIVE_METRIC");
  if (!metric || metric->empty()) return std::optional<ObjectiveSpec>{};
  ObjectiveSpec objective{.metric = *metric};
  if (const auto text = environment("HPO_OBJECTIVE_GOAL")) {
    const auto goal = goal_from(*text);
    if (!goal) return unreadable("HPO_OBJECTIVE_GOAL=" + *text, "minimize or maximize");
    objective.goal = *goal;
  }
  if (const auto text = environment("HPO_OBJECTIVE_VALUE")) {
    const auto rule = value_rule_from(*text);
    if (!rule) return unreadable("HPO_OBJECTIVE_VALUE=" + *text, "last or best");
    objective.value = *rule;
  }
  return std::optional{objective};
}

}  // namespace

bool is_gpu_leased(const Environment& environment) {
  const auto visible = environment("CUDA_VISIBLE_DEVICES");
  if (visible) return !visible->empty() && *visible != "-1";
  return environment("TRAINING_JOB_NAME").has_value() && fs::exists("/dev/nvidia0");
}

Environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

Result<TrainingJob> read_training_job(const fs::path& base, const Environment& environment) {
  if (!fs::is_directory(base)) {
    return Error{.code = ErrorCode::not_found,
                 .message = base.string() + ": no such folder",
                 .hint =
                     "a training needs a trial's folder; SAGEMAKER_BASE_DIR or --directory "
                     "names it"};
  }
  TrainingJob job;
  job.failure = base / "output/failure";
  job.context.model = base / "model";
  job.context.checkpoints = base / "checkpoints";
  auto hyperparameters = read_hyperparameters(base / "input/config/hyperparameters.json");
  if (!hyperparameters) return hyperparameters.error();
  job.hyperparameters = std::move(*hyperparameters);
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(base / "input/data", none)) {
    if (entry.is_directory()) job.context.channels[entry.path().filename()] = entry.path();
  }
  auto seed = number_in<std::uint64_t>(environment, "HPO_SEED", 0);
  if (!seed) return seed.error();
  auto threads = number_in<int>(environment, "OMP_NUM_THREADS", 1);
  if (!threads) return threads.error();
  if (*threads < 1) return unreadable("OMP_NUM_THREADS", "a number from 1");
  auto objective = read_objective(environment);
  if (!objective) return objective.error();
  job.context.seed = *seed;
  job.context.threads = *threads;
  job.context.objective = *objective;
  job.context.cache = environment("HPO_CACHE_DIR").value_or("");
  auto most = number_in<std::uint64_t>(environment, "HPO_CACHE_MAX", job.context.cache_max);
  if (!most) return most.error();
  job.context.cache_max = *most;
  job.context.gpu = is_gpu_leased(environment);
  return job;
}

std::string metric_line(std::string_view metric, double value, std::int64_t step) {
  std::string number = fmt::format("{}", value);
  if (std::isnan(value)) number = "NaN";
  if (std::isinf(value)) number = value > 0 ? "Infinity" : "-Infinity";
  return fmt::format(R"({{"metric":"{}","value":{},"step":{}}})", metric, number, step);
}

Result<void> write_failure(const fs::path& file, const Error& error) {
  constexpr std::size_t kShown = 1024;
  std::string text = error.message;
  if (!error.hint.empty()) text += "\n" + error.hint;
  if (text.size() > kShown) text.resize(kShown);
  return write_atomically(file, text);
}

}  // namespace hpo
