#pragma once

#include <string>
#include <tuple>

namespace huiyin {

/// The other side on a channel: (`wechat:main`, an openid), (`sms:aliyun`, an E.164 number). Both are compared
/// bytewise.
struct Peer {
  std::string channel{};
  std::string address{};
  friend bool operator==(const Peer& a, const Peer& b) = default;
  friend bool operator<(const Peer& a, const Peer& b) {
    return std::tie(a.channel, a.address) < std::tie(b.channel, b.address);
  }
};

}  // namespace huiyin
