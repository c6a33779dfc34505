#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/channel.h"
#include "adapters/wechat/wechat_fields.h"
#include "config/config.h"

namespace huiyin::wechat {

/// What goes into one field of a provider's template.
struct TemplateField {
  std::string key{};  ///< `thing3`
  FieldKind kind = FieldKind::thing;
  std::string data{};                 ///< the name of our datum; `text` is the whole rendered text
  std::string otherwise{};            ///< where there is no such datum; empty: the message then cannot go this way
  std::vector<std::string> one_of{};  ///< of an `enum`: the values that the template allows; empty: not checked
};

/// A subscription notice or template message of the account, and what it carries. From the configuration.
struct Template {
  std::vector<std::string> carries{};  ///< names of our templates
  Way way = Way::subscription;
  std::string id{};
  std::string link{};  ///< the name of our datum that holds the page to open; may be empty
  std::vector<TemplateField> fields{};
};

/// Reads `templates:` of a channel's stanza; what is wrong is complained of through `read`.
[[nodiscard]] std::vector<Template> read_templates(StanzaReader& read, std::vector<Error>& errors);

/// The `data` object of the call as JSON text; the error names the field, and why its value cannot be sent.
[[nodiscard]] tl::expected<std::string, Rejected> write_template_data(const Template& with,
                                                                      const OutboundMessage& message);
/// The datum called `name`; empty where there is none.
[[nodiscard]] std::string_view datum(const OutboundMessage& message, std::string_view name);

}  // namespace huiyin::wechat
