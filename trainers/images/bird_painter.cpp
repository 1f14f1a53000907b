#include "trainers/images/bird_painter.h"

#include <cmath>

namespace hpo {
namespace {

constexpr Color kWhite = {.95F, .94F, .90F};
constexpr Color kBlack = {.05F, .05F, .06F};

/// The parts of one bird, drawn from the far ones to the near ones.
class BirdPainter {
 public:
  BirdPainter(Canvas& canvas, const Species& kind, const Pose& pose, Dice& dice)
      : canvas_(canvas),
        kind_(individual(kind, dice)),
        pose_(pose),
        dice_(dice),
        to_bird_(pose.to_canvas.inverse()),
        head_({0.74 + pose.head_turn, -0.42}),
        body_(mask(body_outline())),
        skull_(mask(ellipse(head_, 0.31, 0.29))) {}

  void paint_all() {
    paint_legs();
    paint_tail();
    paint_bill();
    plumage(body_);
    if (kind_.streaks) paint_streaks();
    plumage(skull_);
    paint_face();
    paint_wing();
  }

 private:
  /// Feathers differ from bird to bird, with age, wear and season.
  static Species individual(Species bird, Dice& dice) {
    const double brightness = dice.uniform(0.92, 1.08);
    for (Color* color : {&bird.back, &bird.belly, &bird.wing, &bird.accent}) {
      *color = scaled(*color, brightness * dice.uniform(0.93, 1.07));
      color->r *= static_cast<float>(dice.uniform(0.95, 1.05));
      color->b *= static_cast<float>(dice.uniform(0.90, 1.10));
    }
    bird.bill_length *= dice.uniform(0.88, 1.12);
    bird.tail_length *= dice.uniform(0.90, 1.10);
    bird.plumpness *= dice.uniform(0.92, 1.08);
    return bird;
  }

  [[nodiscard]] Mask mask(const Path& path) const {
    return {transformed(path, pose_.to_canvas), canvas_.width, canvas_.height};
  }
  void draw(const Path& path, const Color& color, double opacity = 1.0,
            const Mask* clip = nullptr) {
    fill(canvas_, transformed(path, pose_.to_canvas), color, opacity, clip);
  }

  [[nodiscard]] Path body_outline() const {
    const double h = kind_.plumpness;
    return smooth({{0.86, -0.20 * h},
                   {0.80, 0.10 * h},
                   {0.45, 0.38 * h},
                   {0.00, 0.44 * h},
                   {-0.50, 0.28 * h},
                   {-0.98, 0.02},
                   {-0.92, -0.10},
                   {-0.45, -0.26 * h},
                   {0.10, -0.38 * h},
                   {0.55, -0.52 * h}});
  }

  /// Back above, belly below, darker towards the ground, with the grain of feathers.
  void plumage(const Mask& where) {
    paint(canvas_, where, 1.0, [&](int x, int y) {
      const Point p = to_bird_({x + 0.5, y + 0.5});
      const double down = std::clamp((p.y + 0.18 - 0.12 * p.x) / 0.36, 0.0, 1.0);
      const double soft = down * down * (3.0 - 2.0 * down);
      const double grain = 1.0 + 0.04 * std::sin(38.0 * p.x + 9.0 * std::sin(17.0 * p.y));
      const double shade = 1.0 - pose_.light * std::clamp((p.y + 0.5) / 0.95, 0.0, 1.0);
      return scaled(mix(kind_.back, kind_.belly, soft), grain * shade);
    });
  }

  void paint_legs() {
    const Color leg = mix(kind_.bill, kBlack, 0.3);
    for (const double x : {-0.12, 0.12}) {
      draw(taper({x, 0.36}, {x + 0.06, 0.72}, 0.055, 0.045), leg);
      draw(taper({x - 0.04, 0.72}, {x + 0.20, 0.73}, 0.05, 0.03), leg);
    }
  }

  void paint_tail() {
    const double length = kind_.tail_length;
    const Point root = {-0.80, -0.02};
    const auto end = [&](double spread) {
      const double angle = pose_.tail_angle + spread;
      return Point{root.x - length * std::cos(angle), root.y - length * std::sin(angle)};
    };
    const Point top = end(0.10);
    const Point low = end(-0.10);
    draw({{-0.72, -0.14}, top, low, {-0.72, 0.12}}, kind_.wing);
    draw(taper(root, end(0.04), 0.02, 0.01), scaled(kind_.wing, 0.6), 0.8);
    draw(taper(root, end(-0.05), 0.02, 0.01), scaled(kind_.wing, 1.5), 0.5);
  }

  void paint_bill() {
    const double base = head_.x + 0.24;
    const double tip = head_.x + 0.29 + kind_.bill_length;
    const double y = head_.y + 0.03;
    const double half = kind_.bill_depth / 2.0;
    draw({{base, y - half},
          {(base + tip) / 2, y - half * 0.7},
          {tip, y + half * 0.3},
          {(base + tip) / 2, y + half * 0.8},
          {base, y + half}},
         kind_.bill);
    draw(taper({base, y + half * 0.1}, {tip, y + half * 0.3}, 0.02, 0.01), scaled(kind_.bill, 0.45),
         0.8);
  }

  void paint_streaks() {
    for (int i = 0; i < 34; ++i) {
      const Point at = {dice_.uniform(-0.35, 0.8), dice_.uniform(-0.05, 0.42)};
      const double length = dice_.uniform(0.06, 0.13);
      draw(taper(at, {at.x - length * 0.5, at.y + length}, 0.045, 0.015), kind_.accent, 0.75,
           &body_);
    }
  }

  void paint_face() {
    if (kind_.cap) {
      draw(ellipse({head_.x - 0.02, head_.y - 0.21}, 0.36, 0.17, 0.12), kind_.accent, 0.95,
           &skull_);
    }
    if (kind_.throat) {
      draw(ellipse({head_.x + 0.14, head_.y + 0.25}, 0.22, 0.15, 0.5), kind_.accent, 0.95, &skull_);
      draw(ellipse({head_.x + 0.10, head_.y + 0.30}, 0.16, 0.12, 0.5), kind_.accent, 0.95, &body_);
    }
    if (kind_.eye_stripe) {
      draw(taper({head_.x + 0.26, head_.y - 0.09}, {head_.x - 0.22, head_.y - 0.12}, 0.05, 0.09),
           kWhite, 0.95, &skull_);
    }
    const Point eye = {head_.x + 0.11, head_.y - 0.02};
    draw(ellipse(eye, 0.062, 0.062), mix(kind_.back, kWhite, 0.4), 0.7);
    draw(ellipse(eye, 0.048, 0.048), kBlack);
    draw(ellipse({eye.x + 0.015, eye.y - 0.018}, 0.014, 0.014), kWhite);
  }

  void paint_wing() {
    const double h = kind_.plumpness;
    const double droop = dice_.uniform(-0.05, 0.06);
    const Path outline = smooth({{0.46, -0.16 * h},
                                 {0.10, -0.27 * h},
                                 {-0.50, -0.16 * h},
                                 {-1.18, 0.05 + droop},
                                 {-0.55, 0.12 * h + droop},
                                 {0.05, 0.20 * h},
                                 {0.40, 0.08 * h}});
    const Mask wing = mask(outline);
    paint(canvas_, wing, 1.0, [&](int x, int y) {
      const Point p = to_bird_({x + 0.5, y + 0.5});
      const double fold =
          std::clamp((0.35 - p.x) / 0.5, 0.0, 1.0);  // coverts, then flight feathers
      const double rows = p.x < -0.05 ? 0.10 * std::sin(70.0 * (p.y - 0.12 * p.x)) : 0.0;
      const double shade = 1.0 - pose_.light * std::clamp((p.y + 0.4) / 0.8, 0.0, 1.0);
      return scaled(mix(mix(kind_.back, kind_.wing, 0.35), kind_.wing, fold), (1.0 + rows) * shade);
    });
    if (!kind_.wing_bars) return;
    for (const double x : {0.16, -0.10}) {
      draw(taper({x + 0.07, -0.30 * h}, {x - 0.07, 0.24 * h}, 0.06, 0.085), kWhite, 0.9, &wing);
    }
  }

  Canvas& canvas_;
  const Species kind_;
  const Pose& pose_;
  Dice& dice_;
  const Affine to_bird_;
  const Point head_;
  const Mask body_;
  const Mask skull_;
};

}  // namespace

void paint_bird(Canvas& canvas, const Species& kind, const Pose& pose, Dice& dice) {
  BirdPainter(canvas, kind, pose, dice).paint_all();
}

}  // namespace hpo
