#include "tests/engine/execution/room_config.h"

namespace hpo {

TuningConfig room_config(const std::filesystem::path& folder) {
  TuningConfig config;
  config.folder = folder;
  config.study.id = "5f0c";
  config.study.name = "room";
  config.study.objectives = {{.metric = "loss", .goal = Goal::minimize}};
  config.trial.metrics = {{.metric = "loss", .regex = R"(loss: (\S+))"}};
  return config;
}

void use_script(TuningConfig& config, const std::string& script) {
  config.trial.command = {"sh", "-c", script};
  config.trial.environment["ROOM"] = config.folder.string();
}

std::filesystem::path room_runs(const std::filesystem::path& folder) { return folder / "runs"; }

}  // namespace hpo
