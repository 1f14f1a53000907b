#include "trainers/images/synthetic.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "objectives/seed.h"
#include "trainers/images/bird_painter.h"
#include "trainers/images/channels.h"
#include "trainers/images/jpeg.h"
#include "trainers/images/new_folder.h"
#include "trainers/images/parallel.h"
#include "trainers/images/prepare.h"
#include "trainers/images/scenery.h"
#include "trainers/images/split.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

constexpr double kPi = std::numbers::pi;

/// A pose that keeps most of the bird in the picture; its feet stand at (0, 0.73).
Pose random_pose(const Canvas& canvas, Dice& dice) {
  const double side = std::min(canvas.width, canvas.height);
  const double scale = dice.uniform(0.21, 0.32) * side;
  const double flip = dice.chance(0.5) ? -1.0 : 1.0;
  const double tilt = dice.uniform(-0.35, 0.2) * flip;  // upright more often than head down
  const double stretch = dice.uniform(0.94, 1.06);
  return {.to_canvas = {.a = flip * scale * stretch * std::cos(tilt),
                        .b = flip * scale * stretch * std::sin(tilt),
                        .c = -scale * std::sin(tilt),
                        .d = scale * std::cos(tilt),
                        .e = dice.uniform(0.40, 0.60) * canvas.width,
                        .f = dice.uniform(0.38, 0.60) * canvas.height},
          .head_turn = dice.uniform(-0.10, 0.06),
          .tail_angle = dice.uniform(-0.35, 0.30),
          .light = dice.uniform(0.1, 0.5)};
}

Error out_of_range(const char* flag, int low, int high, int value) {
  return Error{.message = fmt::format("--{}: must be {} to {}, got {}", flag, low, high, value)};
}

Result<void> check_options(const SyntheticOptions& options) {
  if (options.species < 2 || options.species > kMaxSpecies) {
    return out_of_range("species", 2, kMaxSpecies, options.species);
  }
  if (options.images < 1 || options.images > 10'000) {
    return out_of_range("images", 1, 10'000, options.images);
  }
  return check_fractions(options.validation, options.test);
}

/// Names and labels of the photos to draw; the label's photos lie together, `images` each.
PhotoSource plan(const SyntheticOptions& options) {
  PhotoSource source{.kind = "synthetic"};
  for (int label = 0; label < options.species; ++label) {
    source.classes.push_back(species(label).name);
    for (int i = 0; i < options.images; ++i) {
      source.photos.push_back(
          {.path = fmt::format("{}/bird_{:05}.jpg", source.classes.back(), i), .label = label});
    }
  }
  return source;
}

/// Draws every photo to its place below `out`; the seed of each depends on its own number only.
Result<void> draw_all(const PhotoSource& source, const SyntheticOptions& options,
                      const fs::path& out) {
  std::vector<Result<void>> written(source.photos.size());
  parallel_for(source.photos.size(), [&](std::size_t i) {
    const SourcePhoto& photo = source.photos[i];
    const auto label = static_cast<std::uint64_t>(photo.label);
    const std::uint64_t seed =
        mix_seed(mix_seed(options.seed, label), i % static_cast<std::size_t>(options.images));
    const Image image = draw_bird(species(photo.label), seed);
    written[i] = write_jpeg(out / channel_name(photo.channel) / photo.path, image, 88);
  });
  for (const auto& result : written) {
    if (!result) return result.error();
  }
  return {};
}

}  // namespace

Image draw_bird(const Species& kind, std::uint64_t seed) {
  Dice dice(seed);
  Canvas canvas(dice.between(176, 256), dice.between(160, 240));
  paint_background(canvas, dice);
  const Pose pose = random_pose(canvas, dice);
  const double scale = std::hypot(pose.to_canvas.c, pose.to_canvas.d);
  const Branch perch{.middle = pose.to_canvas({0.05, 0.80}),
                     .angle = dice.uniform(-0.25, 0.25) + (dice.chance(0.5) ? kPi : 0.0),
                     .length = dice.uniform(1.2, 3.0) * canvas.width,
                     .width = dice.uniform(0.10, 0.22) * scale,
                     .bend = dice.uniform(-0.08, 0.08)};
  paint_branch(canvas, perch, dice);
  paint_bird(canvas, kind, pose, dice);
  paint_foreground(canvas, dice);
  expose(canvas, dice);
  return canvas.image();
}

Result<PrepareSummary> prepare_synthetic(const SyntheticOptions& options) {
  if (auto checked = check_options(options); !checked) return checked.error();
  PhotoSource source = plan(options);
  const SplitFractions fractions{.validation = options.validation, .test = options.test};
  if (auto done = split(source, fractions, options.seed); !done) return done.error();
  auto folder = NewFolder::create(options.out);
  if (!folder) return folder.error();
  for (const auto& photo : source.photos) {
    const fs::path to = (*folder)->part() / channel_name(photo.channel) / photo.path;
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    if (!error) continue;
    return Error{
        .code = ErrorCode::environment,
        .message = fmt::format("cannot create {}: {}", to.parent_path().string(), error.message())};
  }
  if (auto drawn = draw_all(source, options, (*folder)->part()); !drawn) return drawn.error();
  if (auto published = (*folder)->publish(); !published) return published.error();
  return PrepareSummary{.source = source.kind, .classes = count_channels(source)};
}

}  // namespace hpo
