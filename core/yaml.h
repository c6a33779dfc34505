#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"

namespace huiyin {

/// A read-only YAML node that knows where it stands, so that every complaint can name file and line. yaml-cpp stays
/// inside. Cheap to copy. Not thread-safe across copies of one document.
class YamlNode {
 public:
  /// Parses one document. A duplicate key, a tab, an alias bomb, a document over 1 MB or nested deeper than 64 is an
  /// Error. `name` is what errors call it: `feedback.yaml`.
  [[nodiscard]] static Expected<YamlNode> parse(std::string_view text, std::string name);

  [[nodiscard]] bool is_map() const;
  [[nodiscard]] bool is_list() const;
  [[nodiscard]] bool is_scalar() const;
  [[nodiscard]] bool is_null() const;
  /// The scalar's text as written; empty for anything else.
  [[nodiscard]] const std::string& text() const;
  /// Was the scalar quoted? (`"12"` is a text, `12` may be a number.)
  [[nodiscard]] bool is_quoted() const;
  /// The child under `key`; nothing where there is none or this is no map.
  [[nodiscard]] std::optional<YamlNode> find(std::string_view key) const;
  /// Children of a map, in the file's order.
  [[nodiscard]] std::vector<std::pair<std::string, YamlNode>> entries() const;
  /// Children of a list.
  [[nodiscard]] std::vector<YamlNode> items() const;
  /// 1-based.
  [[nodiscard]] int line() const;
  [[nodiscard]] const std::string& file() const;
  /// An error at this node's place.
  [[nodiscard]] Error error(std::string what, std::string remedy = {}) const;

 private:
  struct Impl;
  class Copier;
  explicit YamlNode(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

/// Reads a map's keys one by one and collects every complaint (missing, unknown, malformed), each with its line,
/// instead of stopping at the first. A key that nobody read is unknown: finish() says so, and what it may have been
/// meant to be.
class YamlReader {
 public:
  /// `context` begins each complaint: `channels[2] sms:estate`; may be empty.
  YamlReader(YamlNode node, std::string context, std::vector<Error>& errors);

  /// Required scalar; an empty string and a complaint where it is missing or no scalar.
  std::string text(std::string_view key);
  std::string text(std::string_view key, std::string_view fallback);
  /// Whole number within [least, most].
  long long number(std::string_view key, long long least, long long most);
  long long number(std::string_view key, long long least, long long most, long long fallback);
  bool flag(std::string_view key, bool fallback);
  /// One of `allowed`; the complaint offers the closest.
  std::string one_of(std::string_view key, const std::vector<std::string_view>& allowed,
                     std::optional<std::string_view> fallback = {});
  /// A list of scalars; a single scalar is taken as a list of one. Absent: empty.
  std::vector<std::string> texts(std::string_view key);
  /// Any child, for the caller to read; marks the key as read. Absent: nothing.
  std::optional<YamlNode> child(std::string_view key);
  /// As child(), with a complaint where it is absent.
  std::optional<YamlNode> required(std::string_view key);
  /// Complains at `key`'s line (at the map's where it is absent).
  void complain(std::string_view key, std::string what, std::string remedy = {});
  /// Complains of every key that was not asked for.
  void finish();
  [[nodiscard]] const YamlNode& node() const { return node_; }

 private:
  YamlNode node_;
  std::string context_;
  std::vector<Error>& errors_;
  std::vector<std::string> read_;
};

}  // namespace huiyin
