#pragma once

#include <string>

#include "trainers/images/canvas.h"

namespace hpo {

constexpr int kMaxSpecies = 40;

/// What tells one drawn species from another. Lengths are relative to half a body's length.
struct Species {
  std::string name = {};  ///< folder name: `001.Amber_Finch`
  Color back = {}, belly = {}, wing = {}, accent = {}, bill = {};
  double bill_length = 0.3;
  double bill_depth = 0.1;
  double tail_length = 0.8;
  double plumpness = 1.0;  ///< height of the body relative to a middling bird's
  bool wing_bars = false;
  bool cap = false;
  bool throat = false;
  bool streaks = false;
  bool eye_stripe = false;
};

/// Species number 0 to kMaxSpecies − 1. 2k and 2k + 1 share colours and build and differ in one
/// trait only; neighbouring pairs have related colours.
Species species(int number);

}  // namespace hpo
