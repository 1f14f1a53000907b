#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hpo::resources {

/// How much of a kind of device one trial takes: whole ones and a part of another, in units of
/// kDeviceUnits.
struct Amount {
  int whole = 0;
  int units = 0;  ///< < kDeviceUnits
  bool operator==(const Amount&) const = default;

  [[nodiscard]] bool is_nothing() const { return whole == 0 && units == 0; }
  /// How many devices a share touches.
  [[nodiscard]] int devices() const { return whole + (units > 0 ? 1 : 0); }
};

/// `devices` ≥ 0: 0.5 is half a device, 2 two of them. As many shares fit a device as 1/fraction
/// says, also where the fraction is no whole number of units (beyond 70 shares maybe fewer).
Amount amount_of(double devices);

/// How many trials fit on `devices` at once.
int fitting(const Amount& amount, int devices);

/// "gpu 0+1", "cpu 0-3,6", "slot 2": the label of a share, from which adopt finds it again.
std::string share_label(const std::string& kind, const std::vector<std::string>& names);

/// The kind ("gpu") and the names ("0", "1") of a label; names are empty for other text.
struct ParsedLabel {
  std::string kind = {};
  std::vector<std::string> names = {};
};
ParsedLabel parse_share_label(const std::string& label);

}  // namespace hpo::resources
