#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "tests/engine/config_files.h"

namespace hpo {

/// A map of the file that the schema describes: where it stands in `file`, and under which
/// definition.
struct SchemaMap {
  std::string definition = {};
  nlohmann::json::json_pointer at = nlohmann::json::json_pointer();
  nlohmann::json file = {};
  /// Said where a test of it fails.
  friend std::ostream& operator<<(std::ostream& out, const SchemaMap& map) {
    return out << map.definition << " in " << map.file.dump();
  }
};

/// Every map of the schema with keys of its own, most of them in several files, as which keys it
/// has depends on others.
std::vector<SchemaMap> schema_maps();

/// The schema's part for such a map.
const nlohmann::json& schema_of(const nlohmann::json& schema, const SchemaMap& map);

/// Values that a key is tried with: those the schema itself names, and wrong ones.
std::vector<nlohmann::json> values_for(const nlohmann::json& schema, const nlohmann::json& key);

/// The document as JSON, its scalars typed as the parser types them.
nlohmann::json json_of_yaml(const std::string& text);

/// What the parser finds wrong with a file, read as what it can be: a study, else one training
/// (without parameters), else one that asks and tells (without a trial).
std::vector<std::string> parser_errors(const ConfigFolder& folder, const std::string& text);

/// The errors that are not about the file by itself but about this machine, or about several
/// values: a schema cannot see them.
std::vector<std::string> without_unseen(std::vector<std::string> errors);

/// A validator's verdict on each instance: empty, or what is wrong.
std::vector<std::string> validate(const nlohmann::json& schema,
                                  const std::vector<nlohmann::json>& instances);

}  // namespace hpo
