#include "engine/config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace hpo::config {
namespace {

/// Far above any tuning file; stops aliases of aliases from filling the memory.
constexpr std::size_t kMostNodes = 100'000;
/// A tuning file has seven levels; yaml-cpp itself gives up at 500, and calls it a bad file.
constexpr std::size_t kDeepest = 100;

Place place_of(const YAML::Mark& mark) {
  return {.line = mark.line + 1, .column = mark.column + 1};
}

std::size_t count_nodes(const YamlNode& node) {
  std::size_t count = 1;
  for (const auto& key : node.keys) count += count_nodes(key);
  for (const auto& item : node.items) count += count_nodes(item);
  return count;
}

/// Adds the entries of `from` (a map, or a list of maps) that `map` does not have itself.
void merge(YamlNode& map, const YamlNode& from) {
  if (from.is_sequence()) {
    for (const auto& item : from.items) merge(map, item);
  }
  for (std::size_t i = 0; from.is_map() && i < from.keys.size(); ++i) {
    if (map.index_of(from.keys[i].text)) continue;
    map.keys.push_back(from.keys[i]);
    map.items.push_back(from.items[i]);
  }
}

/// `<<: *defaults` is replaced by the entries it stands for.
void resolve_merge_key(YamlNode& map) {
  const auto at = map.index_of("<<");
  if (!at || map.keys[*at].quoted) return;
  const YamlNode from = std::move(map.items[*at]);
  remove_entry(map, *at);
  merge(map, from);
}

/// Whether a scalar at that offset begins with a quote and has no other one at its end.
///
/// yaml-cpp takes an unclosed quote that the end of the file follows after a line break.
bool is_unclosed(std::string_view text, std::size_t begin) {
  constexpr std::string_view kBlank = " \t\r\n";
  while (begin < text.size() && (text[begin] == '!' || text[begin] == '&')) {
    begin = std::min(text.find_first_of(kBlank, begin), text.size());
    begin = std::min(text.find_first_not_of(kBlank, begin), text.size());
  }
  if (begin >= text.size() || (text[begin] != '"' && text[begin] != '\'')) return false;
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || text.substr(i + 1, 1) != "'") return false;
      ++i;  // in single quotes '' is a quote
    }
  }
  return true;
}

/// Builds the tree from the parser's events, which carry the mark of every value.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view text) : text_(text) {}
  YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override { mark_ = mark; }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    open({.kind = YamlNode::Kind::null, .place = place_of(mark)}, anchor, mark);
    close();
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto at = anchors_.find(anchor);
    if (at == anchors_.end()) {
      throw YAML::ParserException(mark, "an alias inside of what it stands for");
    }
    nodes_ += count_nodes(at->second);
    open(at->second, 0, mark);
    close();
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (is_unclosed(text_, static_cast<std::size_t>(mark.pos))) {
      throw YAML::ParserException(mark, "this quote is never closed");
    }
    const bool quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    open({.kind = YamlNode::Kind::scalar, .place = place_of(mark), .text = value, .quoted = quoted},
         anchor, mark);
    close();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open({.kind = YamlNode::Kind::sequence, .place = place_of(mark)}, anchor, mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open({.kind = YamlNode::Kind::map, .place = place_of(mark)}, anchor, mark);
  }
  void OnMapEnd() override {
    resolve_merge_key(open_.back().node);
    close();
  }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
  };

  void open(YamlNode node, YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (++nodes_ > kMostNodes) throw YAML::ParserException(mark, "too many values for one file");
    if (open_.size() >= kDeepest) throw YAML::ParserException(mark, "nested too deeply");
    open_.push_back({.node = std::move(node), .anchor = anchor});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != 0) anchors_[done.anchor] = done.node;
    if (open_.empty()) {
      root_ = std::move(done.node);
      return;
    }
    YamlNode& parent = open_.back().node;
    if (parent.is_map() && parent.keys.size() == parent.items.size()) {
      parent.keys.push_back(std::move(done.node));
      return;
    }
    // The mark of an omitted value is that of whatever comes next; its key says where it belongs.
    if (parent.is_map() && done.node.is_null()) done.node.place = parent.keys.back().place;
    parent.items.push_back(std::move(done.node));
  }

  std::string_view text_;  // what the marks count in
  YAML::Mark mark_;
  YamlNode root_ = {};
  std::vector<Open> open_ = {};
  std::map<YAML::anchor_t, YamlNode> anchors_ = {};
  std::size_t nodes_ = 0;
};

/// Offset of the first byte that cannot be in a tuning file: not UTF-8, or a control character.
std::optional<std::size_t> find_bad_byte(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return i;
    if (lead < 0x20 && lead != '\t' && lead != '\n' && lead != '\r') return i;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return i;
    }
    i += length;
  }
  return std::nullopt;
}

Place place_at(const std::string& text, std::size_t offset) {
  const auto begin = text.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(offset);
  const auto newline = text.rfind('\n', offset == 0 ? 0 : offset - 1);
  const std::size_t line_start = offset == 0 || newline == std::string::npos ? 0 : newline + 1;
  return {.line = static_cast<int>(std::count(begin, end, '\n')) + 1,
          .column = static_cast<int>(offset - line_start) + 1};
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

std::string hint_for(const std::string& message, const std::string& text, int line) {
  std::istringstream in(text);
  std::string at_line;
  for (int i = 0; i < line; ++i) std::getline(in, at_line);
  if (message.find("escape") != std::string::npos) {
    return "in double quotes a backslash starts an escape: write regular expressions in single "
           "quotes";
  }
  if (at_line.starts_with('\t') || message.find("tab") != std::string::npos) {
    return "YAML indents with spaces, not tabs";
  }
  if (message.find("map value") != std::string::npos) {
    return "a value that holds \": \" needs quotes; also check the indentation";
  }
  if (message.find("flow") != std::string::npos) return "check that every { and [ is closed";
  return {};
}

}  // namespace

std::optional<std::size_t> YamlNode::index_of(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size() && i < items.size(); ++i) {
    if (keys[i].is_scalar() && keys[i].text == key) return i;
  }
  return std::nullopt;
}

void remove_entry(YamlNode& map, std::size_t i) {
  map.keys.erase(map.keys.begin() + static_cast<std::ptrdiff_t>(i));
  map.items.erase(map.items.begin() + static_cast<std::ptrdiff_t>(i));
}

ParsedYaml parse_yaml(const std::string& text) {
  ParsedYaml parsed;
  if (const auto bad = find_bad_byte(text)) {
    parsed.problem = {.message = "not a text file in UTF-8", .place = place_at(text, *bad)};
    return parsed;
  }
  const std::string_view marked = without_byte_order_mark(text);
  TreeBuilder builder(marked);
  TreeBuilder rest(marked);
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    parser.HandleNextDocument(builder);
    parsed.root = builder.take_root();
    if (parser.HandleNextDocument(rest)) {
      parsed.problem = {.message = "a second YAML document starts here; a file holds one study",
                        .place = rest.take_root().place};
    }
  } catch (const YAML::Exception& error) {
    parsed.problem = {.message = "not valid YAML: " + error.msg,
                      .hint = hint_for(error.msg, text, error.mark.line + 1),
                      .place = place_of(error.mark)};
  }
  return parsed;
}

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
    case YamlNode::Kind::scalar:
      return node.quoted ? "\"" + node.text + "\"" : node.text;
  }
  return {};
}

}  // namespace hpo::config
