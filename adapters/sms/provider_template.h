#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/channel.h"
#include "config/config.h"

namespace huiyin::sms {

/// What a variable of an approved template may hold, by the attribute it was submitted with.
/// Source: the provider's rules for variables (sms-and-email D1.6).
enum class ParameterKind {
  text,    ///< 名称, 其他: no URL, no telephone number, no 【】; longer is cut
  number,  ///< 其他号码: letters, digits and - (a ticket's number)
  code,    ///< 验证码: 4 to 6 digits
  phone,   ///< 电话号码
  time     ///< 时间
};

/// One variable of a provider's template.
struct TemplateParameter {
  std::string name{};  ///< the provider's: `number`, or `1` where they are counted
  ParameterKind kind = ParameterKind::text;
  std::string data{};       ///< the name of our datum; `text` is the whole rendered text
  std::string otherwise{};  ///< where there is no such datum; empty: the message then cannot go
  std::size_t most = 35;    ///< characters
};

/// A template that the provider has approved, and the texts of ours that it carries. From the configuration.
struct ApprovedTemplate {
  std::vector<std::string> carries{};  ///< names; one with a * at its end stands for all that begin so
  std::string id{};                    ///< `SMS_123456789`, `1110`
  std::string wording{};               ///< as approved, with {name} for each variable: for counting parts; may be empty
  std::vector<TemplateParameter> parameters{};
};

/// Reads `templates:` of a stanza; what is wrong is complained of through `read`.
[[nodiscard]] std::vector<ApprovedTemplate> read_approved_templates(StanzaReader& read, std::vector<Error>& errors);

/// The one that carries the message: by its name, then by the longest beginning of it; nullptr where none does.
[[nodiscard]] const ApprovedTemplate* find_template(const std::vector<ApprovedTemplate>& templates,
                                                    std::string_view template_name);

/// The values of its variables, in the template's order, each as the provider takes it; the error names the variable,
/// and why its value cannot be sent.
[[nodiscard]] tl::expected<Fields, Rejected> fill_template(const ApprovedTemplate& with,
                                                           const OutboundMessage& message);

/// `value` as a variable of this kind takes it: without 【】, control characters and links, full-width digits as ASCII,
/// cut to `most` characters with … at its end. The error says why it cannot be made valid; that of an empty one too.
[[nodiscard]] tl::expected<std::string, std::string> fit_parameter(ParameterKind kind, std::size_t most,
                                                                   std::string_view value);

/// The approved wording with its variables filled in; the message's own text where the wording is not configured.
[[nodiscard]] std::string worded(const ApprovedTemplate& with, const OutboundMessage& message);

/// Every name and beginning that is carried.
[[nodiscard]] std::vector<std::string> carried_names(const std::vector<ApprovedTemplate>& templates);

}  // namespace huiyin::sms
