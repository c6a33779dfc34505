#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/message.h"

namespace huiyin::templates {

using Data = std::vector<std::pair<std::string, std::string>>;
/// Name (for complaints) and YAML text of each file of a locale.
using TextFiles = std::vector<std::pair<std::string, std::string>>;

/// The message texts of every locale, parsed once. Immutable after load, thread-safe.
///
/// A locale is a folder of YAML files of `name: text` (`templates/zh-CN/messages.yaml` …), each text a Mustache
/// template; values are put in as they are (the channel escapes). A text may be given per channel kind: `name.sms` is
/// taken before `name`. Which file a text stands in does not matter.
class Renderer {
 public:
  /// `files`: by locale. An Error names file, line and remedy: broken Mustache, a key that the default locale has and
  /// another lacks, a duplicate.
  [[nodiscard]] static tl::expected<Renderer, std::vector<Error>> load(const std::map<std::string, TextFiles>& files,
                                                                       std::string default_locale);

  /// The text of `name` in `locale` (else in the default locale), for a channel of `kind` (`wechat`; may be empty).
  /// A value whose key begins with `@` names another template: its text stands for the key without the `@`.
  /// A name that no locale has throws std::out_of_range: check() at load time makes that impossible for shipped flows.
  [[nodiscard]] std::string render(std::string_view name, std::string_view locale, std::string_view kind,
                                   const Data& data) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> locales() const;

  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;
  ~Renderer();

 private:
  struct Impl;
  explicit Renderer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The choices as numbered lines, for channels without buttons: "1. 设施故障\n2. 环境卫生"; empty without choices.
[[nodiscard]] std::string render_choices(const std::vector<Choice>& choices);

}  // namespace huiyin::templates
