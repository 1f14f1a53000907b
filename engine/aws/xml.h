#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpo::aws {

/// An element of an answer, without its attributes.
struct XmlNode {
  std::string name = {};
  std::string text = {};
  std::vector<XmlNode> children = {};

  /// The first child of that name; null where there is none.
  [[nodiscard]] const XmlNode* child(std::string_view child_name) const;
  /// The text of the element that a path of names leads to ("Error/Code"), else empty.
  [[nodiscard]] std::string text_at(std::string_view path) const;
};

/// The document's root; nothing where the text is no XML.
std::optional<XmlNode> parse_xml(const std::string& text);

}  // namespace hpo::aws
