#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/resource_pool.h"

namespace hpo::resources {

/// Numbered slots that stand for no device: "slot 0", "slot 1", ...; the lowest free one is next.
class SlotBank {
 public:
  static constexpr int kUnbounded = std::numeric_limits<int>::max();

  explicit SlotBank(int slots = kUnbounded) : slots_(slots) {}

  /// The slot's number; nothing if every one is taken.
  std::optional<int> take(std::int64_t trial);
  /// That slot, if there is one of this number: an earlier engine's trial runs there.
  void adopt(std::int64_t trial, int slot);
  void give_back(std::int64_t trial, int slot);
  void set_aside(int slot, const std::string& reason);

  [[nodiscard]] int capacity() const;
  [[nodiscard]] std::vector<SlotStatus> rows(bool is_wanted) const;
  [[nodiscard]] std::string reasons() const;

 private:
  [[nodiscard]] bool is_taken(int slot) const;

  int slots_ = kUnbounded;
  std::map<int, std::vector<std::int64_t>> trials_ = {};  ///< of the slots in use
  std::map<int, std::string> set_aside_ = {};
};

}  // namespace hpo::resources
