#include "gateway/replay/print.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "tickets/number.h"

namespace huiyin::gateway {
namespace {

using nlohmann::ordered_json;

/// What is hidden of one owner: only his own names, so that nobody's text is searched for everybody's.
Mask mask_for(const Peer& owner, const ReplayResult& result, const ReplayView& view) {
  Mask mask(view.mask_with);
  for (const auto& ticket : result.tickets_of.at(owner)) mask.learn(ticket);
  return mask;
}

std::string indented(std::string_view label, const std::string& text) {
  std::string out;
  for (const auto line : split(text, '\n')) {
    out += fmt::format("  {}  {}\n", label, line);
    label = "          ";
  }
  return out;
}

std::string said(const std::optional<std::string>& words, const Mask& mask) {
  return words ? mask(*words) : std::string("（没有回复 no reply）");
}

std::string number_of(const TicketDifference& one, const ReplayView& view) {
  return one.kind == TicketDifference::Kind::added ? std::string("-") : tickets::format_number(one.number, view.prefix);
}

std::string_view word_for(TicketDifference::Kind kind) {
  switch (kind) {
    case TicketDifference::Kind::changed:
      return "changed";
    case TicketDifference::Kind::gone:
      return "gone";
    case TicketDifference::Kind::added:
      return "added";
  }
  return "";
}

std::string print_ticket(const TicketDifference& one, const ReplayView& view, const Mask& mask) {
  const auto who = fmt::format("{} {}", one.peer.channel, mask.peer(one.peer.address));
  switch (one.kind) {
    case TicketDifference::Kind::gone:
      return fmt::format("工单 ticket {}  {}: 不会再登记 would not be opened\n", number_of(one, view), who);
    case TicketDifference::Kind::added:
      return fmt::format("工单 ticket  {}: 会新登记 would be opened: {}/{}  {}  {}\n", who, to_string(one.now.category),
                         one.now.subcategory, one.now.address, mask(one.now.description));
    case TicketDifference::Kind::changed:
      break;
  }
  auto out = fmt::format("工单 ticket {}  {}\n", number_of(one, view), who);
  for (const auto& field : one.fields)
    out += fmt::format("  {}: {} → {}\n", field.name, field.then.empty() ? "-" : mask(field.then),
                       field.now.empty() ? "-" : mask(field.now));
  return out;
}

std::string print_turn(const ReplayedTurn& turn, const ReplayView& view, const Mask& mask) {
  auto out =
      fmt::format("{} {}  {} {}\n", turn.same || !turn.known ? " " : "≠",
                  format_utc(turn.at + view.utc_offset).substr(0, 16), turn.peer.channel, mask.peer(turn.peer.address));
  out += indented("业主 owner", mask(turn.owner));
  if (!turn.why_not.empty()) return out + indented("现在 now  ", "无法处理 cannot be decided: " + turn.why_not);
  if (!turn.known) return out + indented("现在 now  ", said(turn.now, mask));
  if (turn.same) return out + indented("回复 reply", said(turn.then, mask));
  return out + indented("当时 then ", said(turn.then, mask)) + indented("现在 now  ", said(turn.now, mask));
}

ordered_json json_of(const ReplayedTurn& turn, const Mask& mask) {
  ordered_json out = {
      {"at", format_utc(turn.at)}, {"channel", turn.peer.channel}, {"peer", mask.peer(turn.peer.address)},
      {"delivery", turn.key},      {"owner", mask(turn.owner)},    {"known", turn.known},
      {"same", turn.same}};
  if (turn.then) out["then"] = mask(*turn.then);
  if (turn.now) out["now"] = mask(*turn.now);
  if (!turn.why_not.empty()) out["why_not"] = turn.why_not;
  return out;
}

ordered_json json_of(const TicketDifference& one, const ReplayView& view, const Mask& mask) {
  ordered_json out = {{"ticket", number_of(one, view)},
                      {"kind", word_for(one.kind)},
                      {"channel", one.peer.channel},
                      {"peer", mask.peer(one.peer.address)}};
  for (const auto& field : one.fields) out["fields"][field.name] = {mask(field.then), mask(field.now)};
  return out;
}

}  // namespace

std::string print_text(const ReplayResult& result, const ReplayView& view) {
  std::string out;
  for (const auto& one : result.changed) out += print_ticket(one, view, mask_for(one.peer, result, view));
  if (!result.changed.empty() && !result.turns.empty()) out += '\n';
  for (const auto& turn : result.turns) out += print_turn(turn, view, mask_for(turn.peer, result, view));
  if (!out.empty()) out += '\n';
  for (const auto& [why, count] : result.left_out) out += fmt::format("{} 条未重放 left out: {}\n", count, why);
  return out + fmt::format(
                   "{} 条来信 deliveries, 比较 compared {}, 回复不同 answered otherwise {}; 工单 tickets {}, 不同 "
                   "otherwise {}\n",
                   result.deliveries, result.compared, result.different, result.tickets, result.changed.size());
}

std::string print_json(const ReplayResult& result, const ReplayView& view) {
  ordered_json out = {{"deliveries", result.deliveries}, {"compared", result.compared},
                      {"different", result.different},   {"tickets", result.tickets},
                      {"left_out", result.left_out},     {"turns", ordered_json::array()},
                      {"changed", ordered_json::array()}};
  for (const auto& turn : result.turns) out["turns"].push_back(json_of(turn, mask_for(turn.peer, result, view)));
  for (const auto& one : result.changed) out["changed"].push_back(json_of(one, view, mask_for(one.peer, result, view)));
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace huiyin::gateway
