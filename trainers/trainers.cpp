// The table of built-in trainers: a new one is a file with its factory and a line here.

#include <array>

#include "trainers/trainer.h"

namespace hpo {

std::unique_ptr<Trainer> make_bird_classifier();

namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Trainer> (*make)();
};

constexpr std::array kTrainers = {
    Entry{"bird_classifier", make_bird_classifier},
};

}  // namespace

Result<std::unique_ptr<Trainer>> make_trainer(std::string_view name) {
  std::string known;
  for (const auto& entry : kTrainers) {
    if (entry.name == name) return entry.make();
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  return Error{.code = ErrorCode::usage,
               .message = "no trainer is called \"" + std::string(name) + "\"",
               .hint = "built in: " + known};
}

std::vector<std::string_view> trainer_names() {
  std::vector<std::string_view> names;
  for (const auto& entry : kTrainers) names.push_back(entry.name);
  return names;
}

}  // namespace hpo
