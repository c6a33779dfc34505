#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace huiyin::dialogs {

enum class FieldKind { text, choice, phone, address, attachments, confirm };

/// One answer of a choice field.
struct FlowChoice {
  std::string id{};
  std::vector<std::string> words{};        ///< other ways to say it, folded, in either script
  std::string category{};                  ///< what it sets; empty: the id
  std::vector<FlowChoice> sub{};           ///< sub-types
};

struct Field {
  std::string name{};
  FieldKind kind = FieldKind::text;
  std::string prompt{};      ///< template asked with; `<prompt>.2` after one miss
  bool required = true;
  std::vector<std::string> names{};  ///< how owners call it: 「地址」「住址」, for 改地址
  std::size_t min_characters = 0;
  std::size_t max_characters = 0;    ///< longer is cut, and the owner told
  std::size_t max_items = 0;         ///< attachments
  std::vector<FlowChoice> choices{};
  int line = 0;
};

/// A form as data: what is asked, in which order. Immutable after parsing.
struct Flow {
  std::string name{};
  std::vector<Field> fields{};
  std::map<std::string, std::vector<std::string>> commands{};  ///< cancel, back, restart, help, human, progress, more …: folded words
  std::string hotline{};     ///< put in by the gateway from config
  std::vector<std::string> templates{};  ///< every template name the flow refers to, for check
};

/// Parses a flow. The gateway reads the files. Every complaint has file, line and what to do.
[[nodiscard]] tl::expected<Flow, std::vector<Error>> parse_flow(std::string_view text, const std::string& name);

}  // namespace huiyin::dialogs
