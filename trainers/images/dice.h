#pragma once

#include <cstdint>
#include <random>

namespace hpo {

/// Random numbers that are the same with every standard library (its distributions are not).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// In [low, high).
  double uniform(double low, double high) {
    constexpr double kUnit = 1.0 / 9007199254740992.0;  // 2^-53
    return low + (high - low) * static_cast<double>(engine_() >> 11U) * kUnit;
  }
  /// In [low, high].
  int between(int low, int high) {
    return low + static_cast<int>(uniform(0.0, static_cast<double>(high - low) + 1.0));
  }
  bool chance(double probability) { return uniform(0.0, 1.0) < probability; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace hpo
