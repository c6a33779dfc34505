#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ticket.h"
#include "core/time.h"

namespace huiyin::tickets {

enum class NewsKind {
  assigned,      ///< 已派单: a person is named
  accepted,      ///< 已接单
  visit,         ///< 预约上门
  progress,      ///< 进度
  waiting,       ///< 挂起: and for what
  result,        ///< 完成
  not_done,      ///< 关闭: it will not be repaired, and why
  reopened,      ///< by staff
  withdrawn,     ///< by staff
  in_scope,      ///< it is ours after all
  out_of_scope,  ///< 不在服务范围: and whom to call
  merged,        ///< known already: under which number
  message,       ///< words of who has it
};
[[nodiscard]] std::string_view to_string(NewsKind kind);

struct NewsRules {
  int most_before_result = 3;                      ///< pushes of one round; what is more is told when he asks
  int most_of_the_lesser = 2;                      ///< of these for `assigned` and `progress`: the last is for a visit
  Millis merge_within = std::chrono::minutes(10);  ///< what is not pressing waits so long for what else comes
};

/// What an owner is told of a change that he did not make himself.
struct News {
  NewsKind kind = NewsKind::progress;
  bool urgent = false;     ///< breaks through quiet hours: an urgent ticket's
  bool is_result = false;  ///< the last push of a window is kept for it
  Millis wait{};           ///< send it after so long, together with what else came
  friend bool operator==(const News&, const News&) = default;
};

/// Does the owner hear of the last row of `history`, and how? `ticket`: after it. Nothing where he made it himself,
/// where it is not for him, where he was told the same before, or where he was told often enough.
[[nodiscard]] std::optional<News> news_of(const Ticket& ticket, const std::vector<HistoryRow>& history,
                                          const NewsRules& rules = {});

}  // namespace huiyin::tickets
