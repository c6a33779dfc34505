#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/ticket.h"
#include "tickets/state_machine.h"

namespace huiyin::tickets {

/// What a staff member wants, of the words that he wrote or of a button's key.
enum class StaffWish {
  act,   ///< StaffCommand::action on one ticket
  list,  ///< 列表: his tickets, and what waits
  show,  ///< 详情 10244, or a number alone
  duty,  ///< 上班, 下班
  help,
};

struct StaffCommand {
  StaffWish wish = StaffWish::help;
  Action action{};                       ///< act: kind, text, told_by, priority, the category in `details`
  std::optional<TicketNumber> number{};  ///< none: he named none
  std::optional<TicketNumber> target{};  ///< merge: into which
  std::string receiver{};                ///< assign: a person's or department's name as written
  bool starts_duty = false;              ///< duty: 上班, else 下班
};

enum class CommandFault {
  not_a_command,   ///< words that are none: offer help
  which_ticket,    ///< no number, and it is not clear which of several (or there is none)
  wrong_number,    ///< a number with a slip in it: ask for it again
  needs_text,      ///< what was found, why, how far: the words are missing
  needs_told,      ///< 完成: how the owner was told
  needs_receiver,  ///< 转派: to whom; 并单: into which
  needs_category,  ///< 改类: to which; 优先级: which
};
[[nodiscard]] std::string_view to_string(CommandFault fault);

struct CommandRefusal {
  CommandFault fault = CommandFault::not_a_command;
  std::optional<ActionKind> action{};  ///< that was wanted; not_a_command: whose word the sentence begins with
  std::optional<TicketNumber> number{};
  std::string text{};  ///< the words so far: what is missing is asked for, not all of it again
};

/// What is known when a command is read.
struct CommandContext {
  std::string prefix{"HY"};              ///< of ticket numbers
  std::vector<TicketNumber> his_open{};  ///< the tickets that he has; a command without number means the only one
  std::string quoted{};                  ///< the message that he replies to, where the channel tells: its number counts
};

/// Reads a message of a staff member: `接单 10244`, `完成 HY1024-4 已更换水管，电话告知`, `挂起 等配件`, `done 10244
/// …`. Full-width forms and U+3000 are read as what they stand for; the command and the number may stand in either
/// order. A sentence that only begins with a command's word (「完成不了」) is none (tickets/staff_sentences.h).
[[nodiscard]] tl::expected<StaffCommand, CommandRefusal> parse_staff_command(std::string_view text,
                                                                             const CommandContext& context);

/// 「已更换水管，电话告知业主」: the result, without the part that only says how the owner was told.
struct CompletionWords {
  std::string result{};
  std::string told_by{};  ///< one of kToldBy; empty: it does not say
};
[[nodiscard]] CompletionWords read_completion(std::string_view text);

/// How the owner was told, as far as words say it (电话, 当面, 微信, 留言, 短信; phone, in person …): one of kToldBy.
[[nodiscard]] std::optional<std::string_view> find_told_by(std::string_view text);

/// The word by which people call an action in Chinese or English: `接单`, `accept`. Empty where staff have none for it.
[[nodiscard]] std::string_view word_for(ActionKind action, std::string_view locale);

}  // namespace huiyin::tickets
