#include "templates/renderer.h"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <mutex>
#include <set>
#include <stdexcept>

#include "core/text.h"
#include "core/yaml.h"

namespace huiyin::templates {
namespace {

namespace mustache = kainjow::mustache;

/// One text. kainjow's render() is not const, so that two threads must not share one without the lock.
struct Text {
  std::unique_ptr<mustache::mustache> parsed{};
  std::set<std::string, std::less<>> variables{};
  YamlNode node;
  std::unique_ptr<std::mutex> lock = std::make_unique<std::mutex>();
};

using Texts = std::map<std::string, Text, std::less<>>;

std::string fill(const Text& text, const mustache::data& values) {
  const std::lock_guard guard(*text.lock);
  return text.parsed->render(values);
}

/// What stands between `{{` and `}}`, without the sign that says what kind of tag it is.
std::set<std::string, std::less<>> variables_of(std::string_view text, bool& has_partial) {
  std::set<std::string, std::less<>> names;
  for (auto at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
    const auto end = text.find("}}", at);
    if (end == std::string_view::npos) break;
    auto tag = text.substr(at + 2, end - at - 2);
    at = end + 2;
    if (!tag.empty() && tag.front() == '!') continue;
    if (!tag.empty() && tag.front() == '>') has_partial = true;
    while (!tag.empty() && std::string_view("{#^/&> ").find(tag.front()) != std::string_view::npos)
      tag.remove_prefix(1);
    names.emplace(trim(tag));
  }
  return names;
}

void read_text(const std::string& name, const YamlNode& node, Texts& texts, std::vector<Error>& errors) {
  const auto what = "text \"" + name + "\" ";
  if (!node.is_scalar() || trim(node.text()).empty()) {
    errors.push_back(
        node.error(what + "is empty or no text", "Write `" + name + ": …` on one line, or `|-` and lines below"));
    return;
  }
  bool has_partial = false;
  auto variables = variables_of(node.text(), has_partial);
  if (has_partial) {
    errors.push_back(
        node.error(what + "includes another with {{> }}", "Write its words out; there are no partials here"));
    return;
  }
  auto parsed = std::make_unique<mustache::mustache>(node.text());
  if (!parsed->is_valid()) {
    errors.push_back(node.error(what + "is broken Mustache: " + parsed->error_message(),
                                "Close each {{ with }}, and each {{#name}} with {{/name}}"));
    return;
  }
  parsed->set_custom_escape([](const std::string& value) { return value; });  // the channel escapes, if it must
  if (const auto there = texts.find(name); there != texts.end())
    errors.push_back(node.error(
        what + "stands in " + there->second.node.file() + ":" + std::to_string(there->second.node.line()) + " already",
        "Remove one of the two"));
  else
    texts.emplace(name, Text{std::move(parsed), std::move(variables), node});
}

void read_file_of_texts(const std::string& name, const std::string& text, Texts& texts, std::vector<Error>& errors) {
  const auto document = YamlNode::parse(text, name);
  if (!document)
    errors.push_back(document.error());
  else if (!document->is_map())
    errors.push_back(document->error("is no list of texts", "Write one `name: text` a line"));
  else
    for (const auto& [key, node] : document->entries()) read_text(key, node, texts, errors);
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// The one of a locale's files that is called as `model`, in which a text of that file belongs; else the first.
std::string counterpart(const TextFiles& files, std::string_view model) {
  for (const auto& [name, text] : files)
    if (last_part(name) == last_part(model)) return name;
  return files.empty() ? std::string(last_part(model)) : files.front().first;
}

/// Is `name` another text's variant for one kind of channel? Each locale has such variants as it needs.
bool is_variant(const Texts& texts, const std::string& name) {
  constexpr std::string_view kKinds[] = {"wechat", "sms", "email", "workchat", "web"};
  const auto dot = name.rfind('.');
  if (dot == std::string::npos || !texts.contains(std::string_view(name).substr(0, dot))) return false;
  return std::find(std::begin(kKinds), std::end(kKinds), std::string_view(name).substr(dot + 1)) != std::end(kKinds);
}

std::string meant(std::string_view word, const auto& names) {
  std::vector<std::string_view> known;
  for (const auto& name : names) known.push_back(name);
  const auto found = closest(word, known);
  return found ? ". Did you mean \"" + std::string(*found) + "\"?" : "";
}

std::vector<std::string> keys(const Texts& texts) {
  std::vector<std::string> names;
  for (const auto& [name, text] : texts) names.push_back(name);
  return names;
}

/// A locale against the default one: the same names, and no placeholder that the default text does not have (a typing
/// error there would silently say nothing).
void compare(const Texts& base, const std::string& base_locale, const Texts& other, const std::string& locale,
             const TextFiles& files, std::vector<Error>& errors) {
  for (const auto& [name, text] : base)
    if (!other.contains(name) && !is_variant(base, name))
      errors.push_back(
          {counterpart(files, text.node.file()),
           "text \"" + name + "\" is missing; " + text.node.file() + ":" + std::to_string(text.node.line()) + " has it",
           "Add it in " + locale});
  for (const auto& [name, text] : other) {
    if (!base.contains(name) && !is_variant(base, name)) {
      errors.push_back(text.node.error("text \"" + name + "\" is not in " + base_locale,
                                       "Add it there or remove it here" + meant(name, keys(base))));
      continue;
    }
    const auto found = base.find(name);
    if (found == base.end()) continue;
    for (const auto& variable : text.variables)
      if (!found->second.variables.contains(variable))
        errors.push_back(
            text.node.error("text \"" + name + "\" has {{" + variable + "}}, which it has not in " + base_locale,
                            "Use the same placeholders" + meant(variable, found->second.variables)));
  }
}

}  // namespace

struct Renderer::Impl {
  std::string default_locale{};
  std::map<std::string, Texts, std::less<>> locales{};

  [[nodiscard]] const Text* find_in(const Texts& texts, std::string_view name, std::string_view kind) const {
    if (!kind.empty())
      if (const auto found = texts.find(std::string(name) + "." + std::string(kind)); found != texts.end())
        return &found->second;
    const auto found = texts.find(name);
    return found == texts.end() ? nullptr : &found->second;
  }

  [[nodiscard]] const Text& find(std::string_view name, std::string_view locale, std::string_view kind) const {
    for (const auto wanted : {locale, std::string_view(default_locale)})
      if (const auto texts = locales.find(wanted); texts != locales.end())
        if (const auto* text = find_in(texts->second, name, kind)) return *text;
    throw std::out_of_range("no template is called \"" + std::string(name) + "\"");
  }
};

Renderer::Renderer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;
Renderer::~Renderer() = default;

tl::expected<Renderer, std::vector<Error>> Renderer::load(const std::map<std::string, TextFiles>& files,
                                                          std::string default_locale) {
  std::vector<Error> errors;
  auto impl = std::make_unique<Impl>();
  for (const auto& [locale, of_locale] : files)
    for (const auto& [name, text] : of_locale) read_file_of_texts(name, text, impl->locales[locale], errors);
  const auto base = impl->locales.find(default_locale);
  if (base == impl->locales.end()) {
    errors.push_back({"templates", "there are no texts in the default locale " + default_locale,
                      "Add templates/" + default_locale + "/messages.yaml, or set `locale` to one that is there"});
    return tl::unexpected(std::move(errors));
  }
  if (errors.empty())
    for (const auto& [locale, texts] : impl->locales)
      if (locale != default_locale) compare(base->second, default_locale, texts, locale, files.at(locale), errors);
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  impl->default_locale = std::move(default_locale);
  return Renderer(std::move(impl));
}

std::string Renderer::render(std::string_view name, std::string_view locale, std::string_view kind,
                             const Data& data) const {
  const auto& text = impl_->find(name, locale, kind);
  mustache::data values;
  for (const auto& [key, value] : data) {
    if (key.starts_with('@') && !value.empty())
      values.set(key.substr(1), fill(impl_->find(value, locale, kind), {}));
    else if (!value.empty())
      values.set(key, value);  // an empty one is left out: for Mustache's sections it is then false
  }
  return fill(text, values);
}

bool Renderer::has(std::string_view name) const {
  return impl_->locales.find(impl_->default_locale)->second.contains(name);
}

std::vector<std::string> Renderer::locales() const {
  std::vector<std::string> names;
  for (const auto& [locale, texts] : impl_->locales) names.push_back(locale);
  return names;
}

std::string render_choices(const std::vector<Choice>& choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += '\n';
    text += std::to_string(i + 1) + ". " + choices[i].label;
  }
  return text;
}

}  // namespace huiyin::templates
