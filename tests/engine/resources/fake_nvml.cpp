// A library with NVML's interface and eight GPUs of its own. The file named by $HPO_FAKE_NVML is
// read at every call, so a test changes the machine by writing it:
//   count 2          two GPUs instead of eight
//   busy 3 4711      process 4711 computes on GPU 3
//   lost 5           GPU 5 has fallen off the bus
//   init 18          the library cannot start (NVML's code)

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int kSuccess = 0;
constexpr int kNotFound = 6;
constexpr int kInsufficientSize = 7;
constexpr int kLost = 15;

struct ProcessInfo {
  unsigned int pid = 0;
  unsigned long long used_memory = 0;
  unsigned int gpu_instance = 0;
  unsigned int compute_instance = 0;
};

struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};

struct Machine {
  unsigned int count = 8;
  int init = kSuccess;
  std::vector<std::pair<unsigned int, unsigned int>> busy = {};  // GPU, pid
  std::vector<unsigned int> lost = {};

  Machine() {
    const char* path = std::getenv("HPO_FAKE_NVML");
    std::ifstream in(path == nullptr ? "" : path);
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string verb;
      unsigned int first = 0;
      unsigned int second = 0;
      words >> verb >> first >> second;
      if (verb == "count") count = first;
      if (verb == "init") init = static_cast<int>(first);
      if (verb == "busy") busy.emplace_back(first, second);
      if (verb == "lost") lost.push_back(first);
    }
  }
};

// A handle is the GPU's number plus one; MIG instances have 100.
unsigned int number_of(void* device) {
  return static_cast<unsigned int>(reinterpret_cast<std::size_t>(device)) - 1;
}
void* handle_of(unsigned int number) {
  return reinterpret_cast<void*>(static_cast<std::size_t>(number) + 1);
}
std::string uuid_of(unsigned int number) {
  const char digit = static_cast<char>('a' + number);
  return std::string("GPU-") + std::string(8, digit) + "-0000-4000-8000-" + std::string(12, digit);
}
int put(const std::string& text, char* out, unsigned int size) {
  if (text.size() + 1 > size) return kInsufficientSize;
  std::memcpy(out, text.c_str(), text.size() + 1);
  return kSuccess;
}

}  // namespace

#define FAKE extern "C" __attribute__((visibility("default")))

FAKE int nvmlInit_v2() { return Machine().init; }
FAKE int nvmlShutdown() { return kSuccess; }
FAKE const char* nvmlErrorString(int code) {
  return code == kLost ? "GPU is lost" : code == 18 ? "Driver/library version mismatch" : "Error";
}
FAKE int nvmlSystemGetDriverVersion(char* text, unsigned int size) {
  return put("555.42.06", text, size);
}
FAKE int nvmlDeviceGetCount_v2(unsigned int* count) {
  *count = Machine().count;
  return kSuccess;
}
FAKE int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void** device) {
  const Machine machine;
  if (index >= machine.count) return kNotFound;
  for (const auto lost : machine.lost) {
    if (lost == index) return kLost;
  }
  *device = handle_of(index);
  return kSuccess;
}
FAKE int nvmlDeviceGetHandleByUUID(const char* uuid, void** device) {
  if (std::strncmp(uuid, "MIG-", 4) == 0) {
    *device = handle_of(100);
    return kSuccess;
  }
  const unsigned int count = Machine().count;
  for (unsigned int index = 0; index < count; ++index) {
    if (uuid_of(index) == uuid) return nvmlDeviceGetHandleByIndex_v2(index, device);
  }
  return kNotFound;
}
FAKE int nvmlDeviceGetUUID(void* device, char* text, unsigned int size) {
  return put(uuid_of(number_of(device)), text, size);
}
FAKE int nvmlDeviceGetName(void*, char* text, unsigned int size) {
  return put("Fake GPU", text, size);
}
FAKE int nvmlDeviceGetMemoryInfo(void*, Memory* memory) {
  *memory = {.total = 81920ULL << 20U, .free = 81000ULL << 20U, .used = 920ULL << 20U};
  return kSuccess;
}
FAKE int nvmlDeviceGetComputeRunningProcesses_v3(void* device, unsigned int* count,
                                                 ProcessInfo* out) {
  const Machine machine;
  std::vector<ProcessInfo> found;
  for (const auto& [gpu, pid] : machine.busy) {
    if (gpu == number_of(device)) found.push_back({.pid = pid});
  }
  const bool fits = found.size() <= *count;
  *count = static_cast<unsigned int>(found.size());
  if (!fits) return kInsufficientSize;
  for (std::size_t i = 0; i < found.size(); ++i) out[i] = found[i];
  return kSuccess;
}
