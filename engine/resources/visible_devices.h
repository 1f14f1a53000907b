#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpo::resources {

/// A GPU as the mask can name it.
struct GpuName {
  int index = 0;
  std::string uuid = {};  ///< empty where the driver could not tell
};

/// One entry of the mask that names something: a device of the list, or a MIG instance.
struct VisibleGpu {
  std::size_t device = 0;  ///< place in the list
  std::string mig = {};    ///< a MIG instance's name, as written; `device` says nothing then
  bool operator==(const VisibleGpu&) const = default;
};

/// What CUDA_VISIBLE_DEVICES lets a process see, in its order: indices, UUIDs or unambiguous
/// prefixes of them. As in CUDA, the first entry that names nothing (-1, an unknown UUID) ends the
/// list, and an empty mask shows nothing; without a mask everything is seen. Indices are NVML's
/// order (that of nvidia-smi, CUDA_DEVICE_ORDER=PCI_BUS_ID).
std::vector<VisibleGpu> visible_gpus(const std::optional<std::string>& mask,
                                     const std::vector<GpuName>& devices);

}  // namespace hpo::resources
