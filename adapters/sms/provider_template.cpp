#include "adapters/sms/provider_template.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/text.h"

namespace huiyin::sms {
namespace {

constexpr std::size_t kMostId = 64;
constexpr std::size_t kMostCharacters = 35;
constexpr std::size_t kPhoneDigits = 7;  // so many digits in a row are taken for a telephone number

constexpr std::array kKinds = {std::pair(std::string_view("text"), ParameterKind::text),
                               std::pair(std::string_view("number"), ParameterKind::number),
                               std::pair(std::string_view("code"), ParameterKind::code),
                               std::pair(std::string_view("phone"), ParameterKind::phone),
                               std::pair(std::string_view("time"), ParameterKind::time)};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

TemplateParameter read_parameter(const std::string& name, const YamlNode& node, std::vector<Error>& errors) {
  TemplateParameter out{.name = name};
  if (node.is_scalar()) {
    out.data = node.text();
  } else {
    YamlReader read(node, "parameters " + name, errors);
    out.data = read.text("data", "");
    out.otherwise = read.text("otherwise", read.text("text", ""));
    out.most = static_cast<std::size_t>(read.number("max", 1, kMostCharacters, kMostCharacters));
    std::vector<std::string_view> names;
    for (const auto& [its_name, kind] : kKinds) names.push_back(its_name);
    const auto kind = read.one_of("kind", names, "text");
    for (const auto& [its_name, its_kind] : kKinds)
      if (its_name == kind) out.kind = its_kind;
    read.finish();
  }
  if (out.data.empty() && out.otherwise.empty())
    errors.push_back(node.error("parameters: " + name + " is given nothing", "Name a datum, or write {text: …}"));
  if (const auto fits = fit_parameter(out.kind, out.most, out.otherwise); !out.otherwise.empty() && !fits)
    errors.push_back(node.error("parameters: " + name + ": \"" + out.otherwise + "\" is " + fits.error()));
  return out;
}

ApprovedTemplate read_template(const YamlNode& node, std::vector<Error>& errors) {
  YamlReader read(node, "templates", errors);
  ApprovedTemplate out{.carries = read.texts("carries"), .id = read.text("id"), .wording = read.text("wording", "")};
  if (out.carries.empty())
    read.complain("carries", "carries is missing", "Name the texts of templates/ that it carries");
  if (out.id.size() > kMostId || out.id.find_first_of(" \t\"'{}") != std::string::npos)
    read.complain("id", "\"" + out.id + "\" is no template id", "The console lists it: SMS_123456789, or a number");
  if (const auto parameters = read.child("parameters"))
    for (const auto& [name, value] : parameters->entries())
      out.parameters.push_back(read_parameter(name, value, errors));
  for (const auto& one : out.parameters)
    if (!out.wording.empty() && out.wording.find("{" + one.name + "}") == std::string::npos)
      read.complain("wording", "wording has no {" + one.name + "}", "Copy the approved text, with {name} for ${name}");
  read.finish();
  return out;
}

/// A digit by its full-width form, nothing of what templates refuse.
std::string cleaned(std::string_view value) {
  std::string out;
  for (const char c : clean_text(value)) out += c == '\n' || c == '\t' ? ' ' : c;
  for (const std::string_view refused : {"【", "】"})
    for (auto at = out.find(refused); at != std::string::npos; at = out.find(refused)) out.erase(at, refused.size());
  for (int digit = 0; digit < 10; ++digit) {
    const std::string wide{'\xEF', '\xBC', static_cast<char>(0x90 + digit)};
    for (auto at = out.find(wide); at != std::string::npos; at = out.find(wide))
      out.replace(at, wide.size(), 1, static_cast<char>('0' + digit));
  }
  return std::string(trim(out));
}

bool holds_link(std::string_view value) {
  const auto folded = fold(value);
  return folded.find("://") != std::string::npos || folded.find("www.") != std::string::npos;
}

/// A telephone number in it is hidden but for its ends: the provider refuses it, and the owner knows his own.
std::string without_phones(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    auto end = at;
    while (end < value.size() && is_digit(value[end])) ++end;
    const auto digits = value.substr(at, end - at);
    if (digits.size() >= kPhoneDigits) {
      out.append(digits.substr(0, 3)).append("**").append(digits.substr(digits.size() - 2));
    } else {
      out.append(digits);
    }
    if (end < value.size()) out += value[end++];
    at = end;
  }
  return out;
}

bool is_made_of(std::string_view value, std::string_view allowed) {
  return std::all_of(value.begin(), value.end(),
                     [&](char c) { return is_digit(c) || allowed.find(c) != std::string_view::npos; });
}

bool is_number(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    return is_digit(c) || c == '-' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

std::string cut(std::string value, std::size_t most) {
  if (count_characters(value) <= most) return value;
  return std::string(first_characters(value, most - 1)) + "…";
}

tl::unexpected<std::string> unfit(const char* why) { return tl::unexpected(std::string(why)); }

std::string_view datum(const OutboundMessage& message, std::string_view name) {
  for (const auto& [key, value] : message.data)
    if (key == name) return value;
  return name == "text" ? std::string_view(message.text) : std::string_view();
}

}  // namespace

tl::expected<std::string, std::string> fit_parameter(ParameterKind kind, std::size_t most, std::string_view value) {
  auto clean = cleaned(value);
  if (clean.empty()) return unfit("empty");
  const auto size = count_characters(clean);
  switch (kind) {
    case ParameterKind::text:
      if (holds_link(clean)) return unfit("a link, which no variable may hold");
      return cut(without_phones(clean), most);
    case ParameterKind::number:
      if (!is_number(clean) || size > most) return unfit("no row of letters, digits and dashes");
      return clean;
    case ParameterKind::code:
      if (!is_made_of(clean, "") || size < 4 || size > 6) return unfit("no code of 4 to 6 digits");
      return clean;
    case ParameterKind::phone:
      if (!is_made_of(clean, "-") || size < 5 || size > 15) return unfit("no telephone number");
      return clean;
    case ParameterKind::time:
      if (size > most || clean.find('_') != std::string::npos) return unfit("no date or time");
      return clean;
  }
  return clean;
}

std::vector<ApprovedTemplate> read_approved_templates(StanzaReader& read, std::vector<Error>& errors) {
  const auto list = read.required("templates");
  if (!list) return {};
  if (!list->is_list()) read.complain("templates", "templates is no list", "Begin each template with `- carries:`");
  std::vector<ApprovedTemplate> out;
  std::set<std::string> carried;
  for (const auto& node : list->items()) {
    out.push_back(read_template(node, errors));
    for (const auto& name : out.back().carries)
      if (!carried.insert(name).second)
        errors.push_back(node.error("templates: \"" + name + "\" is carried by two", "Keep one of them"));
  }
  return out;
}

const ApprovedTemplate* find_template(const std::vector<ApprovedTemplate>& templates, std::string_view template_name) {
  const ApprovedTemplate* best = nullptr;
  std::size_t length = 0;
  for (const auto& one : templates)
    for (const auto& name : one.carries) {
      if (name == template_name) return &one;
      if (!name.ends_with('*')) continue;
      const auto beginning = std::string_view(name).substr(0, name.size() - 1);
      if (!template_name.starts_with(beginning) || (best != nullptr && beginning.size() < length)) continue;
      best = &one;
      length = beginning.size();
    }
  return best;
}

tl::expected<Fields, Rejected> fill_template(const ApprovedTemplate& with, const OutboundMessage& message) {
  Fields out;
  for (const auto& parameter : with.parameters) {
    const auto given = parameter.data.empty() ? std::string_view() : datum(message, parameter.data);
    auto value = fit_parameter(parameter.kind, parameter.most, given);
    if (!value && !parameter.otherwise.empty())
      value = fit_parameter(parameter.kind, parameter.most, parameter.otherwise);
    if (!value)
      return tl::unexpected(Rejected{"parameter", "template " + with.id + ": " + parameter.name + " (" +
                                                      parameter.data + ") is " + value.error()});
    out.emplace_back(parameter.name, *std::move(value));
  }
  return out;
}

std::string worded(const ApprovedTemplate& with, const OutboundMessage& message) {
  const auto values = fill_template(with, message);
  if (with.wording.empty() || !values) return message.text;
  auto out = with.wording;
  for (const auto& [name, value] : *values) {
    const auto place = "{" + name + "}";
    if (const auto at = out.find(place); at != std::string::npos) out.replace(at, place.size(), value);
  }
  return out;
}

std::vector<std::string> carried_names(const std::vector<ApprovedTemplate>& templates) {
  std::vector<std::string> out;
  for (const auto& one : templates) out.insert(out.end(), one.carries.begin(), one.carries.end());
  return out;
}

}  // namespace huiyin::sms
