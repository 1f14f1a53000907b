// Mutated files: whatever stands in a file, loading it answers with a configuration or with errors.

#include <gtest/gtest.h>

#include <random>

#include "tests/engine/config_files.h"

namespace hpo {
namespace {

constexpr const char* kSeedFile = R"(study: fuzz
objective: {metric: "validation:loss", goal: minimize, value: best}
parameters:
  lr: {type: float, min: 1.0e-5, max: 1.0e-2, scale: log}
  depth: {type: int, min: 1, max: 8, step: 2}
  optimizer: &o {type: categorical, values: [adam, sgd, 3, true]}
  size: {type: ordinal, values: [96, 128]}
  momentum: {type: float, min: 0.5, max: 0.99, scale: reverse_log, when: {optimizer: [sgd]}}
strategy: {name: bayesian, seed: 42, early_stopping: median}
limits: {trials: 30, parallel: 4, runtime: 1h30m, target: 0.95, no_improvement: 15}
trial:
  command: [sh, train.py]
  channels: {train: data/train}
  hyperparameters: {epochs: 2}
  metrics: {"validation:loss": 'loss: (\S+)'}
  retry_on: [lost, oom]
resources: {gpus: auto, gpus_per_trial: 0.5, cpus_per_trial: 1}
keep: {models: 5, checkpoints: unfinished}
storage: hpo.db
)";

const std::string kPieces[] = {"{",
                               "}",
                               "[",
                               "]",
                               ": ",
                               ", ",
                               "\n",
                               "  ",
                               "\"",
                               "'",
                               "null",
                               "~",
                               "-1",
                               "0",
                               "1e999",
                               ".nan",
                               ".inf",
                               "9223372036854775807",
                               "-9223372036854775808",
                               "&a ",
                               "*a",
                               "*o",
                               "<<: ",
                               "? ",
                               "- ",
                               "|\n",
                               "!!str ",
                               "%",
                               "@",
                               "\t",
                               "#",
                               "---\n",
                               "é",
                               "when: {a: 1}",
                               "type: bool",
                               "(",
                               "\\"};

std::string mutate(std::string text, std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::size_t changes = 1 + below(4);
  for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = below(text.size());
    switch (below(5)) {
      case 0:
        text.erase(at, 1 + below(12));
        break;
      case 1:
        text.insert(at, kPieces[below(std::size(kPieces))]);
        break;
      case 2:
        text[at] = static_cast<char>(random() % 256);
        break;
      case 3:
        text.insert(at, text.substr(below(text.size()), below(60)));
        break;
      default:
        text.replace(at, 1 + below(6), kPieces[below(std::size(kPieces))]);
    }
  }
  return text;
}

TEST(Fuzz, MutatedFilesAreAnsweredNeverCrash) {
  const ConfigFolder folder;
  std::mt19937_64 random(20);
  int loadable = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = mutate(kSeedFile, random);
    const auto loaded = folder.load(text);
    ASSERT_NE(loaded.config.has_value(), !loaded.errors.empty()) << text;
    for (const auto& error : loaded.errors) ASSERT_FALSE(render(error).empty());
    if (!loaded.config) continue;
    ++loadable;
    ASSERT_TRUE(loaded.config->study.space.problems().empty()) << text;
    ASSERT_FALSE(to_json_text(*loaded.config).empty());
  }
  EXPECT_GT(loadable, 30);
}

TEST(Fuzz, MutatedOverridesAreAnsweredNeverCrash) {
  const ConfigFolder folder;
  std::mt19937_64 random(21);
  for (int i = 0; i < 1000; ++i) {
    const Override set{.key = mutate("parameters.lr.max", random),
                       .value = mutate("{a: [1, 2]}", random)};
    const auto loaded = folder.load(kSeedFile, {set});
    ASSERT_NE(loaded.config.has_value(), !loaded.errors.empty()) << set.key << "=" << set.value;
  }
}

}  // namespace
}  // namespace hpo
