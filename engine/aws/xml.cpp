#include "engine/aws/xml.h"

#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

namespace hpo::aws {
namespace {

namespace pt = boost::property_tree;

XmlNode node_of(const std::string& name, const pt::ptree& tree) {
  XmlNode node{.name = name, .text = tree.data()};
  for (const auto& [child_name, child] : tree) {
    if (child_name.starts_with('<')) continue;  // attributes and comments
    node.children.push_back(node_of(child_name, child));
  }
  return node;
}

}  // namespace

const XmlNode* XmlNode::child(std::string_view child_name) const {
  for (const auto& node : children) {
    if (node.name == child_name) return &node;
  }
  return nullptr;
}

std::string XmlNode::text_at(std::string_view path) const {
  const XmlNode* node = this;
  while (node != nullptr && !path.empty()) {
    const auto slash = path.find('/');
    node = node->child(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return node == nullptr ? std::string() : node->text;
}

std::optional<XmlNode> parse_xml(const std::string& text) {
  try {
    std::istringstream in(text);
    pt::ptree tree;
    pt::read_xml(in, tree, pt::xml_parser::no_comments);
    for (const auto& [name, root] : tree) return node_of(name, root);
  } catch (const pt::xml_parser_error&) {
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace hpo::aws
