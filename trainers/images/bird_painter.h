#pragma once

#include "trainers/images/canvas.h"
#include "trainers/images/dice.h"
#include "trainers/images/species.h"

namespace hpo {

/// A bird's place, size and attitude in a picture. Its own coordinates: the body reaches from −1 to
/// 1 in x, y points down, the bill to the right.
struct Pose {
  Affine to_canvas = {};
  double head_turn = 0.0;   ///< shifts the head along the body
  double tail_angle = 0.0;  ///< radians, up is negative
  double light = 0.3;       ///< how much darker the lower side is
};

/// Draws one individual of the species: colours, proportions and wear vary a little.
void paint_bird(Canvas& canvas, const Species& kind, const Pose& pose, Dice& dice);

}  // namespace hpo
