#include "adapters/wechat/wechat_template.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/json_writer.h"

namespace huiyin::wechat {
namespace {

constexpr std::size_t kMostId = 64;

/// `thing3: address`, or `thing3: {data: address, otherwise: 见工单, one_of: [...]}`, or `{text: 滨江花园}`.
std::optional<TemplateField> read_field(const std::string& key, const YamlNode& node, std::vector<Error>& errors) {
  const auto kind = field_kind(key);
  if (!kind) {
    errors.push_back(node.error("fields: \"" + key + "\" is no key of a template",
                                "Copy it from the template's details: {{thing3.DATA}} is thing3"));
    return {};
  }
  TemplateField field{.key = key, .kind = *kind};
  if (node.is_scalar()) {
    field.data = node.text();
  } else {
    YamlReader read(node, "fields " + key, errors);
    field.data = read.text("data", "");
    field.otherwise = read.text("otherwise", read.text("text", ""));
    field.one_of = read.texts("one_of");
    read.finish();
  }
  if (field.data.empty() && field.otherwise.empty())
    errors.push_back(node.error("fields: " + key + " is given nothing", "Name a datum, or write {text: …}"));
  if (const auto fits = fit_field(field.kind, field.otherwise); !field.otherwise.empty() && !fits)
    errors.push_back(node.error("fields: " + key + ": \"" + field.otherwise + "\" is " + fits.error()));
  return field;
}

Template read_template(const YamlNode& node, std::vector<Error>& errors) {
  YamlReader read(node, "templates", errors);
  Template out{.carries = read.texts("carries")};
  if (out.carries.empty())
    read.complain("carries", "carries is missing", "Name the text of templates/ that it carries");
  out.way = read.one_of("way", {"subscription", "template"}) == "template" ? Way::template_notice : Way::subscription;
  out.id = read.text("id");
  if (out.id.size() > kMostId || out.id.find_first_of(" \t\"'{}") != std::string::npos)
    read.complain("id", "\"" + out.id + "\" is no template id", "The console lists it under 模板消息 or 订阅通知");
  out.link = read.text("link", "");
  if (const auto fields = read.required("fields")) {
    for (const auto& [key, value] : fields->entries())
      if (auto field = read_field(key, value, errors)) out.fields.push_back(*std::move(field));
    if (fields->entries().empty()) read.complain("fields", "fields has none", "List what the template holds");
  }
  read.finish();
  return out;
}

Rejected refused(const Template& with, const TemplateField& field, const std::string& why) {
  return {.code = "field", .why = "template " + with.id + ": " + field.key + " (" + field.data + "): " + why};
}

}  // namespace

std::vector<Template> read_templates(StanzaReader& read, std::vector<Error>& errors) {
  const auto list = read.child("templates");
  if (!list) return {};
  std::vector<Template> out;
  std::set<std::pair<Way, std::string>> carried;
  for (const auto& node : list->items()) {
    out.push_back(read_template(node, errors));
    for (const auto& name : out.back().carries)
      if (!carried.emplace(out.back().way, name).second)
        errors.push_back(node.error("templates: \"" + name + "\" is carried by two of one way", "Keep one of them"));
  }
  if (!list->is_list()) read.complain("templates", "templates is no list", "Begin each template with `- carries:`");
  return out;
}

std::string_view datum(const OutboundMessage& message, std::string_view name) {
  const auto found =
      std::find_if(message.data.begin(), message.data.end(), [name](const auto& pair) { return pair.first == name; });
  if (found != message.data.end()) return found->second;
  return name == "text" ? std::string_view(message.text) : std::string_view();
}

tl::expected<std::string, Rejected> write_template_data(const Template& with, const OutboundMessage& message) {
  JsonWriter json;
  for (const auto& field : with.fields) {
    const auto given = field.data.empty() ? std::string_view() : datum(message, field.data);
    auto value = fit_field(field.kind, given);
    if (!value && !field.otherwise.empty()) value = fit_field(field.kind, field.otherwise);
    if (!value) return tl::unexpected(refused(with, field, value.error()));
    if (!field.one_of.empty() && std::find(field.one_of.begin(), field.one_of.end(), *value) == field.one_of.end())
      return tl::unexpected(refused(with, field, "\"" + *value + "\" is none of the template's values"));
    json.key(field.key).open('{');
    json.key("value").value(*value);
    json.close('}');
  }
  return json.take();
}

}  // namespace huiyin::wechat
