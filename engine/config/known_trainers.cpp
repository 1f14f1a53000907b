#include "engine/config/known_trainers.h"

namespace hpo::config {

const std::vector<KnownTrainer>& known_trainers() {
  static const std::vector<KnownTrainer> trainers = {
      {.name = "bird_classifier",
       .metrics = {"train:loss", "train:accuracy", "validation:loss", "validation:accuracy"},
       .channels = {"train", "validation"}},
  };
  return trainers;
}

const KnownTrainer* find_trainer(std::string_view name) {
  for (const auto& trainer : known_trainers()) {
    if (trainer.name == name) return &trainer;
  }
  return nullptr;
}

}  // namespace hpo::config
