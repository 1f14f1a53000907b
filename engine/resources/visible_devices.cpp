#include "engine/resources/visible_devices.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "objectives/plain_text.h"

namespace hpo::resources {
namespace {

std::optional<std::size_t> by_index(const std::string& entry, const std::vector<GpuName>& devices) {
  int index = 0;
  const char* end = entry.data() + entry.size();
  const auto [stop, failure] = std::from_chars(entry.data(), end, index);
  if (failure != std::errc() || stop != end) return std::nullopt;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    if (devices[i].index == index) return i;
  }
  return std::nullopt;
}

/// A prefix with or without "GPU-" that fits exactly one device.
std::optional<std::size_t> by_uuid(const std::string& entry, const std::vector<GpuName>& devices) {
  if (entry.empty()) return std::nullopt;
  const std::string prefix = entry.starts_with("GPU-") ? entry : "GPU-" + entry;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    if (!devices[i].uuid.starts_with(prefix)) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

}  // namespace

std::vector<VisibleGpu> visible_gpus(const std::optional<std::string>& mask,
                                     const std::vector<GpuName>& devices) {
  std::vector<VisibleGpu> visible;
  if (!mask) {
    for (std::size_t i = 0; i < devices.size(); ++i) visible.push_back({.device = i});
    return visible;
  }
  std::istringstream entries(*mask);
  for (std::string text; std::getline(entries, text, ',');) {
    const std::string entry(trimmed(text, " \t"));
    VisibleGpu gpu;
    if (entry.starts_with("MIG-")) {
      gpu.mig = entry;
    } else {
      auto device = by_index(entry, devices);
      if (!device && entry.find_first_not_of("0123456789") != std::string::npos) {
        device = by_uuid(entry, devices);
      }
      if (!device) break;
      gpu.device = *device;
    }
    if (std::find(visible.begin(), visible.end(), gpu) == visible.end()) visible.push_back(gpu);
  }
  return visible;
}

}  // namespace hpo::resources
