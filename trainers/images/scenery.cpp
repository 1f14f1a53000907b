#include "trainers/images/scenery.h"

#include <array>
#include <cmath>
#include <numbers>

namespace hpo {
namespace {

constexpr double kPi = std::numbers::pi;

/// Far colours from top to bottom, spots of light and shade, and what grows before them.
struct Landscape {
  Color high, low, bright, dark, leaf;
};
constexpr std::array kLandscapes = {
    Landscape{{.52F, .62F, .36F},
              {.25F, .36F, .18F},
              {.80F, .86F, .58F},
              {.13F, .22F, .11F},
              {.36F, .52F, .20F}},
    Landscape{{.62F, .75F, .90F},
              {.86F, .90F, .93F},
              {.97F, .97F, .95F},
              {.55F, .66F, .78F},
              {.40F, .46F, .26F}},
    Landscape{{.74F, .60F, .36F},
              {.46F, .34F, .20F},
              {.93F, .78F, .42F},
              {.30F, .20F, .13F},
              {.72F, .42F, .16F}},
    Landscape{{.70F, .72F, .73F},
              {.52F, .53F, .52F},
              {.90F, .91F, .92F},
              {.32F, .33F, .33F},
              {.45F, .43F, .36F}},
    Landscape{{.58F, .66F, .46F},
              {.70F, .62F, .40F},
              {.88F, .84F, .62F},
              {.38F, .40F, .24F},
              {.62F, .58F, .30F}},
    Landscape{{.30F, .40F, .46F},
              {.20F, .30F, .33F},
              {.60F, .72F, .76F},
              {.10F, .16F, .18F},
              {.30F, .42F, .30F}},
};

/// Berries and blossoms; birds wear these colours too.
constexpr std::array kBlossoms = {Color{.78F, .20F, .16F}, Color{.90F, .78F, .28F},
                                  Color{.88F, .70F, .74F}, Color{.35F, .45F, .74F},
                                  Color{.92F, .90F, .86F}, Color{.72F, .50F, .22F}};
constexpr Color kBark = {.36F, .28F, .22F};

template <class Options>
const auto& pick(const Options& options, Dice& dice) {
  return options[static_cast<std::size_t>(dice.between(0, static_cast<int>(options.size()) - 1))];
}

Point anywhere(const Canvas& canvas, Dice& dice) {
  return {dice.uniform(-0.05, 1.05) * canvas.width, dice.uniform(-0.05, 1.05) * canvas.height};
}

void paint_far(Canvas& canvas, const Landscape& land, Dice& dice) {
  for (int y = 0; y < canvas.height; ++y) {
    const Color color = mix(land.high, land.low, static_cast<double>(y) / canvas.height);
    for (int x = 0; x < canvas.width; ++x) canvas.at(x, y) = color;
  }
  const int spots = dice.between(18, 34);
  for (int i = 0; i < spots; ++i) {
    const double radius = dice.uniform(0.03, 0.16) * canvas.width;
    const Color color = mix(land.dark, land.bright, dice.uniform(0.0, 1.0));
    const Path spot = ellipse(anywhere(canvas, dice), radius, radius * dice.uniform(0.6, 1.3));
    fill(canvas, spot, color, dice.uniform(0.3, 0.85));
  }
  for (int i = dice.between(0, 3); i > 0; --i) {
    const double radius = dice.uniform(0.03, 0.06) * canvas.width;
    fill(canvas, ellipse(anywhere(canvas, dice), radius, radius), pick(kBlossoms, dice), 0.8);
  }
  blur(canvas, dice.between(3, 7));
}

void paint_leaf(Canvas& canvas, Dice& dice, Point at, double length, const Color& color) {
  const double angle = dice.uniform(0.0, 2.0 * kPi);
  const double width = length * dice.uniform(0.25, 0.45);
  const Affine pose{.a = std::cos(angle),
                    .b = std::sin(angle),
                    .c = -std::sin(angle),
                    .d = std::cos(angle),
                    .e = at.x,
                    .f = at.y};
  const Path blade =
      smooth({{0, 0}, {length * 0.4, -width / 2}, {length, 0}, {length * 0.4, width / 2}});
  fill(canvas, transformed(blade, pose), scaled(color, dice.uniform(0.65, 1.25)));
  const Path vein = taper({length * 0.05, 0}, {length * 0.9, 0}, 1.4, 0.4);
  fill(canvas, transformed(vein, pose), scaled(color, 0.6), 0.6);
}

/// A branch with leaves, some of them berries or blossoms.
void paint_twig(Canvas& canvas, const Landscape& land, Dice& dice, double width) {
  const Branch twig{.middle = anywhere(canvas, dice),
                    .angle = dice.uniform(0.0, 2.0 * kPi),
                    .length = dice.uniform(0.4, 1.4) * canvas.width,
                    .width = width,
                    .bend = dice.uniform(-0.25, 0.25)};
  paint_branch(canvas, twig, dice);
  const Color tone = dice.chance(0.25) ? pick(kBlossoms, dice) : land.leaf;
  const double size = dice.uniform(0.05, 0.13) * canvas.width;
  for (int i = dice.between(0, 11); i > 0; --i) {
    paint_leaf(canvas, dice, twig.at(dice.uniform(0.1, 1.0)), size * dice.uniform(0.7, 1.3), tone);
  }
  const Color berry = pick(kBlossoms, dice);
  for (int i = dice.between(-3, 5); i > 0; --i) {
    const double radius = dice.uniform(0.009, 0.024) * canvas.width;
    const Point on = twig.at(dice.uniform(0.2, 1.0));
    const Point at = {on.x, on.y + radius};
    fill(canvas, ellipse(at, radius, radius), scaled(berry, 0.85));
    const Point shine = {at.x - radius * 0.3, at.y - radius * 0.35};
    fill(canvas, ellipse(shine, radius * 0.4, radius * 0.4), mix(berry, {1, 1, 1}, 0.5), 0.7);
  }
}

}  // namespace

void paint_background(Canvas& canvas, Dice& dice) {
  const Landscape& land = pick(kLandscapes, dice);
  paint_far(canvas, land, dice);
  for (int i = dice.between(0, 4); i > 0; --i) {
    paint_twig(canvas, land, dice, dice.uniform(1.0, 5.0));
  }
  if (dice.chance(0.5)) blur(canvas, 1);  // a wide-open lens
}

void paint_foreground(Canvas& canvas, Dice& dice) {
  const Landscape& land = pick(kLandscapes, dice);
  for (int i = dice.between(0, 2); i > 0; --i) {
    const double length = dice.uniform(0.08, 0.2) * canvas.width;
    paint_leaf(canvas, dice, anywhere(canvas, dice), length, land.leaf);
  }
  if (dice.chance(0.35)) paint_twig(canvas, land, dice, dice.uniform(1.0, 3.0));
}

Point Branch::at(double part) const {
  const double t = part - 0.5;
  const double off = 4.0 * bend * length * t * t;
  return {middle.x + t * length * std::cos(angle) - off * std::sin(angle),
          middle.y + t * length * std::sin(angle) + off * std::cos(angle)};
}

void paint_branch(Canvas& canvas, const Branch& branch, Dice& dice) {
  constexpr int kPieces = 16;
  const Color bark =
      scaled(mix(kBark, {.55F, .52F, .48F}, dice.uniform(0.0, 1.0)), dice.uniform(0.7, 1.1));
  for (const double side : {0.0, -0.22}) {  // the wood, then the light on its upper side
    const Color color = side == 0.0 ? bark : mix(bark, {1, 1, 1}, 0.25);
    for (int i = 0; i < kPieces; ++i) {
      const auto width = [&](double part) { return branch.width * (1.4 - 0.9 * part); };
      const double from = static_cast<double>(i) / kPieces;
      const double to = (i + 1.15) / kPieces;  // overlaps the next piece: no seam
      const Point p = branch.at(from);
      const Point q = branch.at(to);
      const double part = side == 0.0 ? 1.0 : 0.35;
      fill(canvas,
           taper({p.x, p.y + side * width(from)}, {q.x, q.y + side * width(to)}, part * width(from),
                 part * width(to)),
           color, side == 0.0 ? 1.0 : 0.6);
    }
  }
}

void expose(Canvas& canvas, Dice& dice) {
  const double exposure = std::exp(dice.uniform(-0.3, 0.2));
  const double warmth = dice.uniform(-0.08, 0.08);
  const double contrast = dice.uniform(0.8, 1.2);
  const double noise = dice.uniform(0.005, 0.035);
  const double corner = dice.uniform(0.0, 0.35);
  for (int y = 0; y < canvas.height; ++y) {
    for (int x = 0; x < canvas.width; ++x) {
      const double u = 2.0 * x / canvas.width - 1.0;
      const double v = 2.0 * y / canvas.height - 1.0;
      const double gain = exposure * (1.0 - corner * (u * u + v * v) / 2.0);
      const auto develop = [&](float value, double cast) {
        const double lit = static_cast<double>(value) * gain * cast;
        return static_cast<float>(0.5 + (lit - 0.5) * contrast + dice.uniform(-noise, noise));
      };
      Color& pixel = canvas.at(x, y);
      pixel = {develop(pixel.r, 1.0 + warmth), develop(pixel.g, 1.0),
               develop(pixel.b, 1.0 - warmth)};
    }
  }
}

}  // namespace hpo
