#pragma once

#include <string>
#include <vector>

#include "engine/cli/run_facts.h"

namespace hpo::cli {

/// Of a live view no more lines than this, whatever the number of devices.
constexpr int kMostLines = 20;

/// The room and the means a frame has.
struct FrameStyle {
  int columns = 80;
  int lines = kMostLines;
  bool has_unicode = true;
};

/// The live view as lines, none wider than the window: progress, best trial, devices.
std::vector<std::string> live_frame(const RunFacts& facts, SteadyTime now, const FrameStyle& style);

}  // namespace hpo::cli
