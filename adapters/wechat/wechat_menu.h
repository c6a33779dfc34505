#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace huiyin::wechat {

/// Reads `menu:` of a channel's stanza and writes it as menu/create takes it; empty where there is none. Complains of
/// what the platform would refuse: over 3 buttons, over 5 below one, a name, key or URL over its bytes.
/// Source: developers.weixin.qq.com, 自定义菜单, 创建接口.
[[nodiscard]] std::string read_menu(StanzaReader& read, std::vector<Error>& errors);

/// What get_current_selfmenu_info answers, a button a line, for people; nothing where it is no such answer.
[[nodiscard]] std::string describe_menu(std::string_view answer);

}  // namespace huiyin::wechat
