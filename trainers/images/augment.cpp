#include "trainers/images/augment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <random>
#include <vector>

#include "objectives/error.h"
#include "objectives/seed.h"

namespace hpo {
namespace {

/// Changes when the same view gives other pixels, or the same seed another view.
constexpr int kViewVersion = 1;

/// A number in [0, 1) with 53 bits; std::uniform_real_distribution differs between libraries.
double share_of(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }

double around(double centre, double reach, std::mt19937_64& random) {
  return centre + reach * (2 * share_of(random) - 1);
}

/// FNV-1a, 64 bits.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

bool has_flips_alone(const Augmentation& a) {
  return a.rotation == 0 && a.crop == 0 && a.colour == 0;
}

/// Where a pixel of the view lies in the photo: x = ax + bx · column + cx · row, y likewise, in
/// pixels between centres.
struct Affine {
  double ax = 0, bx = 1, cx = 0;
  double ay = 0, by = 0, cy = 1;
};

Affine affine_of(const View& view, int size) {
  const double n = size;
  const double angle = 2 * std::numbers::pi * view.turn;
  const double cosine = view.side * std::cos(angle);
  const double sine = view.side * std::sin(angle);
  const double flip_x = view.mirrored ? -1 : 1;
  const double flip_y = view.upended ? -1 : 1;
  // From the view's centre: first the flips, then the turn, then the crop's place.
  const double centre_x = (view.left * (1 - view.side) + view.side / 2) * n - 0.5;
  const double centre_y = (view.top * (1 - view.side) + view.side / 2) * n - 0.5;
  const double half = (n - 1) / 2;
  Affine a{.bx = cosine * flip_x, .cx = -sine * flip_y, .by = sine * flip_x, .cy = cosine * flip_y};
  a.ax = centre_x - half * (a.bx + a.cx);
  a.ay = centre_y - half * (a.by + a.cy);
  return a;
}

/// The two pixels around a coordinate, by their offsets, and the second's weight. Beyond the border
/// the photo is mirrored.
struct Tap {
  int first = 0;
  int second = 0;
  float weight = 0;
};

int reflected(int i, int size) {
  const int period = 2 * size;
  i %= period;
  if (i < 0) i += period;
  return i < size ? i : period - 1 - i;
}

Tap tap_at(double at, int size) {
  const double floor = std::floor(at);
  const int i = static_cast<int>(floor);
  const auto weight = static_cast<float>(at - floor);
  if (i >= 0 && i + 1 < size) return {i, i + 1, weight};
  return {reflected(i, size), reflected(i + 1, size), weight};
}

void sample(const std::uint8_t* photo, int size, const Tap& x, const Tap& y, std::uint8_t* out) {
  const auto at = [&](int row, int column) {
    return photo + 3 * (static_cast<std::ptrdiff_t>(row) * size + column);
  };
  const std::uint8_t* a = at(y.first, x.first);
  const std::uint8_t* b = at(y.first, x.second);
  const std::uint8_t* c = at(y.second, x.first);
  const std::uint8_t* d = at(y.second, x.second);
  for (int k = 0; k < 3; ++k) {
    const float upper = static_cast<float>(a[k]) + x.weight * static_cast<float>(b[k] - a[k]);
    const float lower = static_cast<float>(c[k]) + x.weight * static_cast<float>(d[k] - c[k]);
    out[k] = static_cast<std::uint8_t>(upper + y.weight * (lower - upper) + 0.5F);
  }
}

void move(const std::uint8_t* photo, int size, const View& view, std::uint8_t* out) {
  const Affine a = affine_of(view, size);
  if (view.turn == 0) {
    std::vector<Tap> columns;
    for (int x = 0; x < size; ++x) columns.push_back(tap_at(a.ax + a.bx * x, size));
    for (int y = 0; y < size; ++y) {
      const Tap row = tap_at(a.ay + a.cy * y, size);
      for (int x = 0; x < size; ++x, out += 3) {
        sample(photo, size, columns[static_cast<std::size_t>(x)], row, out);
      }
    }
    return;
  }
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x, out += 3) {
      sample(photo, size, tap_at(a.ax + a.bx * x + a.cx * y, size),
             tap_at(a.ay + a.by * x + a.cy * y, size), out);
    }
  }
}

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
}

/// Rec. 601 luma.
float luma(float red, float green, float blue) {
  return 0.299F * red + 0.587F * green + 0.114F * blue;
}

/// Each pixel p becomes s·q + (1 − s)·luma(q) with q = c·b·p + (1 − c)·m, where m is the mean luma
/// of the brightened photo.
void recolour(const View& view, std::span<std::uint8_t> rgb) {
  const auto b = static_cast<float>(view.brightness);
  const auto c = static_cast<float>(view.contrast);
  const auto s = static_cast<float>(view.saturation);
  double sum = 0;
  for (std::size_t i = 0; i < rgb.size(); i += 3) {
    sum += luma(static_cast<float>(rgb[i]), static_cast<float>(rgb[i + 1]),
                static_cast<float>(rgb[i + 2]));
  }
  const float m = b * static_cast<float>(sum / static_cast<double>(rgb.size() / 3));
  for (std::size_t i = 0; i < rgb.size(); i += 3) {
    const auto moved = [&](std::uint8_t p) { return c * b * static_cast<float>(p) + (1 - c) * m; };
    const float red = moved(rgb[i]);
    const float green = moved(rgb[i + 1]);
    const float blue = moved(rgb[i + 2]);
    const float grey = (1 - s) * luma(red, green, blue);
    rgb[i] = to_byte(s * red + grey);
    rgb[i + 1] = to_byte(s * green + grey);
    rgb[i + 2] = to_byte(s * blue + grey);
  }
}

}  // namespace

View draw_view(const Augmentation& a, std::uint64_t seed) {
  std::mt19937_64 random(mix_seed(seed, 0));
  View view;
  view.mirrored = share_of(random) < 0.5 && a.mirror;
  view.upended = share_of(random) < 0.5 && a.upend;
  view.turn = around(0, a.rotation, random);
  view.side = 1 - a.crop * share_of(random);
  view.top = share_of(random);
  view.left = share_of(random);
  view.brightness = around(1, a.colour, random);
  view.contrast = around(1, a.colour, random);
  view.saturation = around(1, a.colour, random);
  if (a.crop == 0) view.top = view.left = 0;
  return view;
}

std::size_t fixed_views(const Augmentation& a, std::size_t wanted) {
  if (!has_flips_alone(a)) return wanted;
  const std::size_t all = (a.mirror ? 2U : 1U) * (a.upend ? 2U : 1U);
  return all == 1 ? 1 : std::min(wanted, all);
}

View fixed_view(const Augmentation& a, std::string_view photo, std::size_t index) {
  if (index == 0) return {};
  if (!has_flips_alone(a)) return draw_view(a, mix_seed(hash_of(photo), index));
  if (!a.mirror) return {.upended = index % 2 == 1};
  return {.mirrored = index % 2 == 1, .upended = index >= 2};
}

void show(std::span<const std::uint8_t> photo, int size, const View& view,
          std::span<std::uint8_t> out) {
  check(photo.size() == out.size() && photo.size() == static_cast<std::size_t>(size * size) * 3,
        "show: a square photo, and as much room");
  const View colours{
      .brightness = view.brightness, .contrast = view.contrast, .saturation = view.saturation};
  View place = view;
  place.brightness = place.contrast = place.saturation = 1;
  if (place == View{}) {
    std::memcpy(out.data(), photo.data(), photo.size());
  } else {
    move(photo.data(), size, place, out.data());
  }
  if (colours != View{}) recolour(colours, out);
}

std::string name_of(const Augmentation& a) {
  return fmt::format("views {}: mirror {} upend {} rotation {} crop {} colour {}", kViewVersion,
                     a.mirror, a.upend, a.rotation, a.crop, a.colour);
}

}  // namespace hpo
