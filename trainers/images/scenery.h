#pragma once

#include "trainers/images/canvas.h"
#include "trainers/images/dice.h"

namespace hpo {

/// Covers the canvas with a blurred landscape and, sharp before it, twigs, leaves and berries, some
/// in the colours of birds.
void paint_background(Canvas& canvas, Dice& dice);

/// A few leaves and stalks that may cover parts of what stands behind.
void paint_foreground(Canvas& canvas, Dice& dice);

/// A bent, tapering branch from one end to the other.
struct Branch {
  Point middle = {};
  double angle = 0.0;   ///< radians, at the middle
  double length = 0.0;  ///< pixels
  double width = 0.0;   ///< pixels, at the middle
  double bend = 0.0;    ///< how far the ends leave the straight line, in lengths

  /// part: 0 at the thick end, 1 at the thin one.
  [[nodiscard]] Point at(double part) const;
};
void paint_branch(Canvas& canvas, const Branch& branch, Dice& dice);

/// The photo's light: exposure, colour cast, contrast, darker corners and the sensor's noise.
void expose(Canvas& canvas, Dice& dice);

}  // namespace hpo
