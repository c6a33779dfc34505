#include "core/yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/text.h"

namespace huiyin {

// A tree of our own, copied out of yaml-cpp's: its nodes change on reading (operator[] on a const map may throw, on a
// mutable one adds), and know nothing of their file.
struct YamlNode::Impl {
  enum class Kind { null, scalar, list, map } kind = Kind::null;
  std::string text{};
  bool quoted = false;
  int line = 0;
  std::shared_ptr<const std::string> file{};
  std::vector<std::pair<std::string, YamlNode>> entries{};
  std::vector<YamlNode> items{};
};

namespace {

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr int kMaxDepth = 64;
constexpr int kMaxNodes = 200'000;  // an alias bomb of a few hundred bytes would make billions

struct Complaint {
  int line;
  std::string what;
  std::string remedy;
};

}  // namespace

/// Copies yaml-cpp's tree within the limits; throws Complaint.
class YamlNode::Copier {
 public:
  explicit Copier(std::shared_ptr<const std::string> file) : file_(std::move(file)) {}
  [[nodiscard]] YamlNode copy(const YAML::Node& from, int depth = 0, int line_of_key = 0);

 private:
  void copy_list(const YAML::Node& from, int depth, Impl& to);
  void copy_map(const YAML::Node& from, int depth, Impl& to);

  std::shared_ptr<const std::string> file_;
  int nodes_ = 0;
};

// NOLINTBEGIN(misc-no-recursion): kMaxDepth bounds it
YamlNode YamlNode::Copier::copy(const YAML::Node& from, int depth, int line_of_key) {
  // A block below its key begins, for yaml-cpp, where its first entry does: to people it begins at the key.
  const int own_line = from.Mark().is_null() ? 0 : from.Mark().line + 1;
  const int line = line_of_key > 0 && !from.IsScalar() ? line_of_key : own_line;
  if (depth > kMaxDepth) throw Complaint{line, "nested deeper than 64 levels", "Flatten it"};
  if (++nodes_ > kMaxNodes) throw Complaint{line, "over 200,000 nodes, aliases counted", "Write less by alias"};
  auto impl = std::make_shared<Impl>();
  impl->line = line;
  impl->file = file_;
  if (from.IsScalar()) {
    impl->kind = Impl::Kind::scalar;
    impl->text = from.Scalar();
    impl->quoted = from.Tag() == "!";
  } else if (from.IsSequence()) {
    copy_list(from, depth, *impl);
  } else if (from.IsMap()) {
    copy_map(from, depth, *impl);
  }
  return YamlNode(std::move(impl));
}

void YamlNode::Copier::copy_list(const YAML::Node& from, int depth, Impl& to) {
  to.kind = Impl::Kind::list;
  for (const auto& item : from) to.items.push_back(copy(item, depth + 1));
}

void YamlNode::Copier::copy_map(const YAML::Node& from, int depth, Impl& to) {
  to.kind = Impl::Kind::map;
  std::map<std::string, int> seen;
  for (const auto& entry : from) {
    if (!entry.first.IsScalar()) throw Complaint{to.line, "a key that is no plain text", "Write `key: value`"};
    const auto& key = entry.first.Scalar();
    const int key_line = entry.first.Mark().line + 1;
    if (const auto [at, fresh] = seen.emplace(key, key_line); !fresh)
      throw Complaint{key_line,
                      "\"" + key + "\" stands here a second time, first in line " + std::to_string(at->second),
                      "Remove one"};
    to.entries.emplace_back(key, copy(entry.second, depth + 1, key_line));
  }
}
// NOLINTEND(misc-no-recursion)

Expected<YamlNode> YamlNode::parse(std::string_view text, std::string name) {
  const auto file = std::make_shared<const std::string>(std::move(name));
  const auto error_at = [&](int line, std::string what, std::string remedy) {
    return tl::unexpected(Error{*file + ":" + std::to_string(line), std::move(what), std::move(remedy)});
  };
  if (text.size() > kMaxBytes) return error_at(1, "the file is over 1 MB", "Split it");
  if (!is_valid_utf8(text)) return error_at(1, "the file is not UTF-8", "Save it as UTF-8");
  try {
    return Copier(file).copy(YAML::Load(std::string(text)));
  } catch (const Complaint& complaint) {
    return error_at(complaint.line, complaint.what, complaint.remedy);
  } catch (const YAML::Exception& error) {
    const int line = error.mark.is_null() ? 1 : error.mark.line + 1;
    return error_at(line, "not valid YAML here (" + error.msg + ")",
                    "Check indentation, quotes and the space after each colon in this line and the one above");
  }
}

bool YamlNode::is_map() const { return impl_->kind == Impl::Kind::map; }
bool YamlNode::is_list() const { return impl_->kind == Impl::Kind::list; }
bool YamlNode::is_scalar() const { return impl_->kind == Impl::Kind::scalar; }
bool YamlNode::is_null() const { return impl_->kind == Impl::Kind::null; }
const std::string& YamlNode::text() const { return impl_->text; }
bool YamlNode::is_quoted() const { return impl_->quoted; }
int YamlNode::line() const { return impl_->line; }
const std::string& YamlNode::file() const { return *impl_->file; }
std::vector<std::pair<std::string, YamlNode>> YamlNode::entries() const { return impl_->entries; }
std::vector<YamlNode> YamlNode::items() const { return impl_->items; }

std::optional<YamlNode> YamlNode::find(std::string_view key) const {
  for (const auto& [name, child] : impl_->entries)
    if (name == key) return child;
  return std::nullopt;
}

Error YamlNode::error(std::string what, std::string remedy) const {
  return {file() + ":" + std::to_string(line()), std::move(what), std::move(remedy)};
}

YamlReader::YamlReader(YamlNode node, std::string context, std::vector<Error>& errors)
    : node_(std::move(node)), context_(std::move(context)), errors_(errors) {
  if (!node_.is_map()) complain("", "should be a map of `key: value`");
}

void YamlReader::complain(std::string_view key, std::string what, std::string remedy) {
  const auto child = node_.find(key);
  // An empty value ("key:") stands, for yaml-cpp, where the next token is.
  const bool placed = child && !child->is_null() && child->line() > 0;
  errors_.push_back(
      (placed ? *child : node_).error(context_.empty() ? std::move(what) : context_ + ": " + what, std::move(remedy)));
}

std::optional<YamlNode> YamlReader::child(std::string_view key) {
  read_.emplace_back(key);
  auto found = node_.find(key);
  if (found && found->is_null()) return std::nullopt;
  return found;
}

std::optional<YamlNode> YamlReader::required(std::string_view key) {
  auto found = child(key);
  if (!found) complain(key, std::string(key) + " is missing");
  return found;
}

std::string YamlReader::text(std::string_view key) {
  const auto found = required(key);
  if (!found) return {};
  if (!found->is_scalar()) complain(key, std::string(key) + " should be a text");
  return found->text();
}

std::string YamlReader::text(std::string_view key, std::string_view fallback) {
  const auto found = child(key);
  if (!found) return std::string(fallback);
  if (!found->is_scalar()) complain(key, std::string(key) + " should be a text");
  return found->text();
}

long long YamlReader::number(std::string_view key, long long least, long long most) {
  return required(key) ? number(key, least, most, least) : least;
}

long long YamlReader::number(std::string_view key, long long least, long long most, long long fallback) {
  const auto found = child(key);
  if (!found) return fallback;
  long long value = 0;
  const auto& text = found->text();
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (found->is_scalar() && problem == std::errc() && end == text.data() + text.size() && value >= least &&
      value <= most)
    return value;
  complain(key, std::string(key) + " should be a whole number from " + std::to_string(least) + " to " +
                    std::to_string(most) + (found->is_scalar() ? ", not \"" + text + "\"" : ""));
  return fallback;
}

bool YamlReader::flag(std::string_view key, bool fallback) {
  const auto found = child(key);
  if (!found) return fallback;
  if (found->text() == "true" || found->text() == "yes") return true;
  if (found->text() == "false" || found->text() == "no") return false;
  complain(key, std::string(key) + " should be true or false");
  return fallback;
}

std::string YamlReader::one_of(std::string_view key, const std::vector<std::string_view>& allowed,
                               std::optional<std::string_view> fallback) {
  const auto found = fallback ? child(key) : required(key);
  if (!found) return std::string(fallback.value_or(""));
  if (found->is_scalar() && std::find(allowed.begin(), allowed.end(), found->text()) != allowed.end())
    return found->text();
  std::string list;
  for (const auto word : allowed) list += (list.empty() ? "" : ", ") + std::string(word);
  const auto near = closest(found->text(), allowed);
  complain(key, std::string(key) + " is \"" + found->text() + "\", which is none of " + list,
           near ? "Did you mean \"" + std::string(*near) + "\"?" : "");
  return std::string(fallback.value_or(""));
}

std::vector<std::string> YamlReader::texts(std::string_view key) {
  const auto found = child(key);
  if (!found) return {};
  if (found->is_scalar()) return {found->text()};
  std::vector<std::string> out;
  for (const auto& item : found->items()) {
    if (item.is_scalar())
      out.push_back(item.text());
    else
      errors_.push_back(
          item.error((context_.empty() ? "" : context_ + ": ") + std::string(key) + " should list texts only"));
  }
  if (!found->is_list()) complain(key, std::string(key) + " should be a list");
  return out;
}

void YamlReader::finish() {
  const std::vector<std::string_view> known(read_.begin(), read_.end());
  for (const auto& [key, child] : node_.entries()) {
    if (std::find(read_.begin(), read_.end(), key) != read_.end()) continue;
    const auto near = closest(key, known);
    complain(key, "unknown key \"" + key + "\"",
             near ? "Did you mean \"" + std::string(*near) + "\"?" : "Remove it, or see the annotated example");
  }
}

}  // namespace huiyin
