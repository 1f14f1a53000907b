// Prints images per second of decoding and resizing, on one core and through the cache.
//   hpo_images_benchmark [FOLDER [SIZE]]     class folders; drawn birds of 500 x 350 without one

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <vector>

#include "tests/trainers/images/photo_files.h"
#include "trainers/images/augment.h"
#include "trainers/images/file_bytes.h"
#include "trainers/images/image_cache.h"
#include "trainers/images/jpeg.h"
#include "trainers/images/parallel.h"
#include "trainers/images/resize.h"
#include "trainers/images/synthetic.h"

namespace {

using namespace hpo;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void write_drawn_birds(const std::filesystem::path& root) {
  for (int i = 0; i < 64; ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    const auto jpeg = encode_jpeg(resize(draw_bird(species(i % 6), seed), 500, 350), 90);
    write_file(root / species(i % 6).name / fmt::format("{}.jpg", i), *jpeg);
  }
}

void print_rate(const char* what, std::size_t count, double started) {
  fmt::print("{:34} {:8.0f} images/s\n", what, static_cast<double>(count) / (seconds() - started));
}

void run(const ImageFolder& folder, int size) {
  std::vector<std::vector<std::uint8_t>> files;
  for (const auto& file : folder.files) {
    auto bytes = read_file_bytes(folder.root / file.path);
    if (bytes) files.push_back(*std::move(bytes));
  }
  std::vector<Image> images;
  double started = seconds();
  for (const auto& bytes : files) {
    auto image = decode_jpeg(bytes, "");
    if (image) images.push_back(*std::move(image));
  }
  print_rate("decode, one core", files.size(), started);
  std::vector<std::uint8_t> out(rgb_bytes(size, size));
  started = seconds();
  for (const auto& image : images) resize_square_into(image, size, out);
  print_rate("resize, one core", images.size(), started);
  const Augmentation augmentation{.mirror = true, .rotation = 0.1, .crop = 0.15, .colour = 0.2};
  std::vector<std::uint8_t> view(out.size());
  started = seconds();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto image = decode_jpeg(files[i], "");
    if (!image) continue;
    resize_square_into(*image, size, out);
    show(out, size, draw_view(augmentation, i), view);
  }
  print_rate("all, turned and coloured, one core", files.size(), started);
  TempFolder cache;
  for (const char* what : {"fill the cache", "open the cache"}) {
    started = seconds();
    const auto loaded = load_images(folder, size, cache.path());
    print_rate(what, loaded ? loaded->count() : 0, started);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const hpo::TempFolder drawn;
  if (argc < 2) write_drawn_birds(drawn.path());
  const auto folder = hpo::list_image_folder(argc < 2 ? drawn.path() : argv[1]);
  if (!folder) {
    fmt::print(stderr, "{}\n", folder.error().message);
    return 2;
  }
  const int size = argc > 2 ? std::atoi(argv[2]) : 224;
  fmt::print("{} photos to {} x {}, {} threads\n", folder->files.size(), size, size,
             hpo::thread_count());
  run(*folder, size > 0 ? size : 224);
}
