#include "trainers/classifier.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstring>

#include "trainers/bird_model.h"
#include "trainers/device.h"
#include "trainers/fused_network.h"
#include "trainers/images/parallel.h"
#include "trainers/images/resize.h"
#include "trainers/saliency.h"
#include "trainers/training_job.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

class BirdModel final : public Classifier {
 public:
  BirdModel(ModelManifest manifest, BirdNetwork network, const at::Device& device)
      : manifest_(std::move(manifest)), network_(std::move(network)), device_(device) {
    const at::NoGradGuard fixed;
    if (device.is_cpu()) fused_ = fuse(network_, manifest_.image_size);
  }

  [[nodiscard]] const ModelManifest& manifest() const override { return manifest_; }

  Result<std::vector<std::vector<double>>> predict(std::span<const Image> photos) override {
    try {
      const at::NoGradGuard fixed;
      return rows_of(at::softmax(logits(photos_of(photos)).to(at::kDouble), 1).to(at::kCPU));
    } catch (const std::exception& e) {
      return torch_failed(e);
    }
  }

  Result<std::vector<Saliency>> explain(std::span<const Image> photos,
                                        std::span<const int> classes) override {
    try {
      const std::vector<std::int64_t> chosen(classes.begin(), classes.end());
      const SaliencyMaps maps = explain_logits(network_, photos_of(photos), chosen);
      std::vector<Saliency> all;
      for (std::int64_t i = 0; i < maps.grad_cam.size(0); ++i) {
        all.push_back({.size = static_cast<int>(manifest_.image_size),
                       .grad_cam = floats_of(maps.grad_cam[i]),
                       .gradient = floats_of(maps.gradient[i])});
      }
      return all;
    } catch (const std::exception& e) {
      return torch_failed(e);
    }
  }

 private:
  [[nodiscard]] at::Tensor logits(const at::Tensor& x) const {
    return fused_ ? fused_->logits(x) : predict_logits(network_, x);
  }

  static Error torch_failed(const std::exception& e) {
    const std::string what = e.what();
    return {.code = ErrorCode::environment,
            .message = "torch failed: " + what.substr(0, what.find('\n'))};
  }

  static std::vector<float> floats_of(const at::Tensor& map) {
    const at::Tensor dense = map.to(at::kCPU).contiguous();
    const auto* values = dense.const_data_ptr<float>();
    return {values, values + dense.numel()};
  }

  /// N × 3 × S × S in [0, 1].
  [[nodiscard]] at::Tensor photos_of(std::span<const Image> photos) const {
    return pixels_of(photos).to(device_).permute({0, 3, 1, 2}).to(at::kFloat).div_(255);
  }

  /// N × S × S × 3, as the training saw photos.
  [[nodiscard]] at::Tensor pixels_of(std::span<const Image> photos) const {
    const std::int64_t size = manifest_.image_size;
    at::Tensor pixels =
        at::empty({static_cast<std::int64_t>(photos.size()), size, size, 3}, at::kByte);
    auto* out = static_cast<std::uint8_t*>(pixels.data_ptr());
    const std::size_t bytes = rgb_bytes(static_cast<int>(size), static_cast<int>(size));
    for (const Image& photo : photos) {
      resize_square_into(photo, static_cast<int>(size), {out, bytes});
      out += bytes;
    }
    return pixels;
  }

  static std::vector<std::vector<double>> rows_of(const at::Tensor& probabilities) {
    const at::Tensor dense = probabilities.contiguous();
    const auto* values = dense.const_data_ptr<double>();
    const auto columns = static_cast<std::size_t>(dense.size(1));
    std::vector<std::vector<double>> rows;
    for (std::int64_t i = 0; i < dense.size(0); ++i, values += columns) {
      rows.emplace_back(values, values + columns);
    }
    return rows;
  }

  ModelManifest manifest_;
  BirdNetwork network_;
  at::Device device_;
  std::unique_ptr<FusedNetwork> fused_ = {};
};

}  // namespace

Result<std::unique_ptr<Classifier>> load_classifier(const fs::path& folder,
                                                    const ClassifierOptions& options) {
  auto device = prepare_device(options.gpu, options.threads);
  if (!device) return device.error();
  auto model = load_bird_model(folder);
  if (!model) return model.error();
  move_to(model->network, *device);
  return std::unique_ptr<Classifier>(
      std::make_unique<BirdModel>(std::move(model->manifest), std::move(model->network), *device));
}

ClassifierOptions classifier_options_from_environment() {
  return {.threads = static_cast<int>(thread_count()), .gpu = is_gpu_leased(process_environment())};
}

}  // namespace hpo
