#include "tickets/staff_words.h"

#include <algorithm>
#include <utility>

namespace huiyin::tickets {
namespace {

using Text = std::string_view;
using enum ActionKind;
constexpr auto kAct = StaffWish::act;

// The first of an action's words in each language is the one that it is called by (word_for).
constexpr std::array kCommands = std::to_array<CommandWord>({
    {"接单", kAct, accept},
    {"抢单", kAct, accept},
    {"我来", kAct, accept},
    {"accept", kAct, accept},
    {"take", kAct, accept},
    {"转派", kAct, assign},
    {"派单", kAct, assign},
    {"转给", kAct, assign},
    {"转单", kAct, assign},
    {"assign", kAct, assign},
    {"transfer", kAct, assign},
    {"勘查", kAct, inspect},
    {"勘察", kAct, inspect},
    {"查勘", kAct, inspect},
    {"inspect", kAct, inspect},
    {"方案", kAct, plan},
    {"plan", kAct, plan},
    {"进度", kAct, progress},
    {"进展", kAct, progress},
    {"progress", kAct, progress},
    {"update", kAct, progress},
    {"挂起", kAct, suspend},
    {"暂停", kAct, suspend},
    {"suspend", kAct, suspend},
    {"hold", kAct, suspend},
    {"恢复", kAct, resume},
    {"继续", kAct, resume},
    {"resume", kAct, resume},
    {"退回", kAct, send_back},
    {"退单", kAct, send_back},
    {"send back", kAct, send_back},
    {"return", kAct, send_back},
    {"完成", kAct, complete},
    {"完工", kAct, complete},
    {"办结", kAct, complete},
    {"complete", kAct, complete},
    {"done", kAct, complete},
    {"finish", kAct, complete},
    {"关闭", kAct, close},
    {"关单", kAct, close},
    {"close", kAct, close},
    {"重开", kAct, reopen},
    {"归我们", kAct, reopen},
    {"归物业", kAct, reopen},
    {"范围内", kAct, reopen},
    {"reopen", kAct, reopen},
    {"in scope", kAct, reopen},
    {"撤回", kAct, withdraw},
    {"withdraw", kAct, withdraw},
    {"催办", kAct, urge},
    {"urge", kAct, urge},
    {"补充", kAct, add_details},
    {"add", kAct, add_details},
    {"改分类", kAct, set_category},
    {"改类", kAct, set_category},
    {"category", kAct, set_category},
    {"优先级", kAct, set_priority},
    {"priority", kAct, set_priority},
    {"审核", kAct, audit},
    {"audit", kAct, audit},
    {"范围外", kAct, mark_out_of_scope},
    {"不归我们", kAct, mark_out_of_scope},
    {"out of scope", kAct, mark_out_of_scope},
    {"并单", kAct, merge},
    {"合并", kAct, merge},
    {"merge", kAct, merge},
    {"备注", kAct, note},
    {"note", kAct, note},
    {"预约", kAct, arrange_visit},
    {"约时间", kAct, arrange_visit},
    {"visit", kAct, arrange_visit},
    {"留言", kAct, tell},
    {"回复业主", kAct, tell},
    {"回复", kAct, tell},
    {"tell", kAct, tell},
    {"reply", kAct, tell},
    {"回访", kAct, call_back},
    {"call back", kAct, call_back},
    {"列表", StaffWish::list},
    {"我的工单", StaffWish::list},
    {"待办", StaffWish::list},
    {"list", StaffWish::list},
    {"详情", StaffWish::show},
    {"查看", StaffWish::show},
    {"show", StaffWish::show},
    {"上班", StaffWish::duty, note, true},
    {"on duty", StaffWish::duty, note, true},
    {"下班", StaffWish::duty, note, false},
    {"off duty", StaffWish::duty, note, false},
    {"帮助", StaffWish::help},
    {"help", StaffWish::help},
    {"?", StaffWish::help},
});

constexpr std::array<std::pair<Text, Category>, 16> kCategories = {{{"维修", Category::repair},
                                                                    {"报修", Category::repair},
                                                                    {"设施", Category::repair},
                                                                    {"工程", Category::repair},
                                                                    {"保洁", Category::cleaning},
                                                                    {"清洁", Category::cleaning},
                                                                    {"卫生", Category::cleaning},
                                                                    {"客服", Category::service},
                                                                    {"服务", Category::service},
                                                                    {"投诉", Category::service},
                                                                    {"安保", Category::security},
                                                                    {"秩序", Category::security},
                                                                    {"安全", Category::security},
                                                                    {"内部", Category::internal},
                                                                    {"员工", Category::internal},
                                                                    {"范围外", Category::out_of_scope}}};
constexpr std::array<std::pair<Text, Priority>, 6> kPriorities = {{{"紧急", Priority::urgent},
                                                                   {"加急", Priority::high},
                                                                   {"高", Priority::high},
                                                                   {"普通", Priority::normal},
                                                                   {"一般", Priority::normal},
                                                                   {"低", Priority::low}}};

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

bool begins_with(Text folded, Text word) {
  if (!folded.starts_with(word)) return false;
  const bool is_cut = is_letter(word.back()) && folded.size() > word.size() && is_letter(folded[word.size()]);
  return !is_cut;
}

}  // namespace

const CommandWord* find_command(std::string_view folded) {
  const CommandWord* longest = nullptr;
  for (const auto& each : kCommands)
    if (begins_with(folded, each.word) && (longest == nullptr || each.word.size() > longest->word.size()))
      longest = &each;
  return longest;
}

std::optional<Category> find_category(std::string_view folded) {
  if (const auto named = parse_category(folded); named && *named != Category::none) return named;
  for (const auto& [word, category] : kCategories)
    if (folded.starts_with(word)) return category;
  return std::nullopt;
}

std::optional<Priority> find_priority(std::string_view folded) {
  if (const auto named = parse_priority(folded)) return named;
  for (const auto& [word, priority] : kPriorities)
    if (folded.starts_with(word)) return priority;
  return std::nullopt;
}

std::string_view word_for(ActionKind action, std::string_view locale) {
  const bool wants_english = locale == "en";
  for (const auto& each : kCommands) {
    const bool is_english = is_letter(each.word.front());
    if (each.wish == StaffWish::act && each.action == action && is_english == wants_english) return each.word;
  }
  return {};
}

}  // namespace huiyin::tickets
