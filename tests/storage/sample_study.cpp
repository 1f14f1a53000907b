#include "tests/storage/sample_study.h"

#include <bit>
#include <cmath>
#include <limits>

namespace hpo::test {

StudySpec sample_spec(const std::string& name) {
  SearchSpace space{
      .parameters = {
          {.name = "lr",
           .domain = FloatParameter{.min = 1e-5, .max = 0.1 + 0.2, .scale = Scale::log}},
          {.name = "dropout", .domain = FloatParameter{.min = 0, .max = 1, .step = 0.05}},
          {.name = "layers", .domain = IntParameter{.min = 1, .max = 9'007'199'254'740'993}},
          {.name = "optimizer",
           .domain = CategoricalParameter{.values = {std::string("adam"), std::string("sgd")}}},
          {.name = "image_size",
           .domain = OrdinalParameter{.values = {std::int64_t{96}, std::int64_t{128}, 1.0}}},
          {.name = "augment", .domain = BoolParameter{}},
          {.name = "momentum",
           .domain = FloatParameter{.min = 0.5, .max = 0.99, .scale = Scale::reverse_log},
           .when = {{.parent = "optimizer", .values = {std::string("sgd")}}}}}};
  return {.id = {},
          .name = name,
          .objectives = {{.metric = "validation:loss", .goal = Goal::minimize}},
          .space = std::move(space),
          .seed = 18'446'744'073'709'551'615ULL};
}

Trial sample_trial(std::int64_t number) {
  using std::chrono::milliseconds;
  const std::string text("Zürich 鳥 \U0001F426 \"quoted\" \\ \n\t\x01 and \0 inside", 44);
  return {.number = number,
          .configuration = {{"lr", 0.1 + 0.2},
                            {"one", 1.0},
                            {"minus_zero", -0.0},
                            {"least", std::numeric_limits<double>::denorm_min()},
                            {"layers", std::int64_t{9'007'199'254'740'993}},
                            {"lowest", std::numeric_limits<std::int64_t>::min()},
                            {"augment", true},
                            {"optimizer", text},
                            {"looks_like_a_number", std::string("1e3")},
                            {"名", std::string()}},
          .seed = 18'446'744'073'709'551'557ULL,
          .state = TrialState::failed,
          .metrics = {{"validation:loss", 1.0 / 3}, {"minus_zero", -0.0}, {"最", 5e-324}},
          .value = -0.0,
          .failure = FailureClass::oom,
          .reason = text,
          .sampler = "bayesian",
          .seen = 9'007'199'254'740'995,
          .model = R"({"lengthscales":[0.1,2e300]})",
          .budget = 27,
          .continues = 0,
          .created_event = 9'007'199'254'740'997,
          .finished_event = 9'007'199'254'740'999,
          .attempt = 3,
          .retries = 2,
          .job = "4711",
          .resource = "gpu 0",
          .artifact = "s3://bucket/model",
          .started_at = TimePoint(milliseconds(1'795'507'200'123)),
          .finished_at = TimePoint(milliseconds(-1))};
}

Trial small_trial(std::int64_t number, TrialState state) {
  Trial trial{.number = number,
              .configuration = {{"x", 0.001 * static_cast<double>(number)}, {"y", 0.5}},
              .seed = static_cast<std::uint64_t>(number),
              .state = state,
              .sampler = "random",
              .created_event = 2 * number + 1,
              .started_at = TimePoint(std::chrono::milliseconds(number))};
  if (is_finished(state)) {
    trial.metrics = {{"value", static_cast<double>(number)}};
    trial.value = static_cast<double>(number);
    trial.finished_event = 2 * number + 2;
    trial.finished_at = TimePoint(std::chrono::milliseconds(number + 1));
  }
  return trial;
}

Measurement report(int attempt, std::int64_t step, const std::string& metric, double value,
                   std::int64_t event) {
  return {.step = step,
          .metrics = {{metric, value}},
          .elapsed_s = 0.1 * static_cast<double>(step),
          .attempt = attempt,
          .event = event};
}

bool is_same(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace hpo::test
