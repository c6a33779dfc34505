#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "core/time.h"

namespace huiyin::simulators {

/// The platform's access tokens, of both families, which do not know each other. Not thread-safe.
class WeChatTokens {
 public:
  struct Issued {
    int code = 0;  ///< an errcode, or 0
    std::string token{};
    std::int64_t expires_in = 0;
  };
  /// `fresh` makes the text of a new token. `life`: 7200 s, or shorter for tests.
  WeChatTokens(std::chrono::seconds life, std::function<std::string()> fresh) : life_(life), fresh_(std::move(fresh)) {}

  /// `token`: a new one each time; the one before dies five minutes later.
  [[nodiscard]] Issued next(Time now);
  /// `stable_token`: the same one while it lives; in its last five minutes a new one, and both are good. Forced: a new
  /// one, and the old is dead at once; at most 20 a day, 30 s apart.
  [[nodiscard]] Issued stable(Time now, bool force);
  /// 0, or the errcode: 41001 none, 42001 expired, 40001 superseded, 40014 never issued.
  [[nodiscard]] int check(const std::string& token, Time now) const;
  /// All that were issued are dead from now on, as if somebody had forced another.
  void kill_all();

 private:
  struct Token {
    std::string text{};
    Time expires{};
    bool superseded = false;
  };
  [[nodiscard]] Issued issue(std::deque<Token>& family, Time now);

  std::chrono::seconds life_;
  std::function<std::string()> fresh_;
  std::deque<Token> plain_, stable_;
  std::deque<Time> forced_;
};

}  // namespace huiyin::simulators
