#pragma once

#include <string_view>

namespace huiyin::dialogs {

/// Is a number whose clause, `lead`, says 他的电话 that of somebody whom the owner speaks for? Not the plumber's or the
/// neighbour's who makes noise, but that of his own people (我妈在家，她电话), of whom he reports for
/// (帮邻居老太太报修，她 电话) or whom he works for (我是钟点工，主人不在，他电话). `before` is all of the text before
/// the number. Pure.
[[nodiscard]] bool is_of_his_own(std::string_view before);

/// Does `lead` end with a number of somebody who is only called he or she: 他电话, 她的手机?
[[nodiscard]] bool is_of_him(std::string_view lead);

}  // namespace huiyin::dialogs
