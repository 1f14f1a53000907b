#pragma once

#include <string>
#include <vector>

#include "engine/config/yaml_tree.h"
#include "engine/tuning_config.h"

namespace hpo::config {

/// What is wrong (or unwise) somewhere; the place is given beside it.
struct Finding {
  std::string message = {};
  std::string expected = {};
  std::string hint = {};
};

/// Collects what is found about one file and turns places into diagnostics.
class Findings {
 public:
  /// `file` as the user named it, its text, and the overrides that places may point to.
  Findings(std::string file, const std::string& text, std::vector<Override> overrides);

  void error(const Place& place, Finding finding);
  void advise(const Place& place, Finding finding);

  /// A place alone, for what is found later.
  [[nodiscard]] Diagnostic at(const Place& place) const { return diagnostic(place, {}); }

  [[nodiscard]] bool has_errors() const { return !errors_.empty(); }
  /// In the order of the file, those of overrides last; each said once.
  [[nodiscard]] std::vector<Diagnostic> errors() const { return in_order(errors_); }
  [[nodiscard]] std::vector<Diagnostic> advice() const { return in_order(advice_); }

 private:
  [[nodiscard]] Diagnostic diagnostic(const Place& place, Finding finding) const;
  static std::vector<Diagnostic> in_order(std::vector<Diagnostic> list);

  std::string file_;
  std::vector<std::string> lines_;
  std::vector<Override> overrides_;
  std::vector<Diagnostic> errors_ = {};
  std::vector<Diagnostic> advice_ = {};
};

}  // namespace hpo::config
