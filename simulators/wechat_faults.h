#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/error.h"
#include "core/yaml.h"
#include "net/http.h"

namespace huiyin::simulators {

/// One way of doing wrong, for the next `times` requests of a call.
struct WeChatFault {
  enum class Kind {
    code,    ///< answers an errcode
    status,  ///< answers an HTTP status with a page of HTML
    half,    ///< does the work, and breaks its JSON off
    empty,   ///< does the work, and answers nothing
    html,    ///< answers 200 with HTML
    stall    ///< does the work, and answers after `wait`
  };
  std::string call{};  ///< the end of a path: `custom/send`; empty: any
  Kind kind = Kind::code;
  std::int64_t code = 0;  ///< an errcode, or an HTTP status
  std::chrono::milliseconds wait{0};
  int times = 1;
};

/// Reads `{call: custom/send, answer: 45015, times: 3}`, or with `answer: html|half|empty`, `status: 502`,
/// `stall: 30` (seconds).
[[nodiscard]] std::optional<WeChatFault> read_fault(const YamlNode& node, std::vector<Error>& errors);

/// What is to go wrong, in the order in which it was asked for. Thread-safe.
class WeChatFaults {
 public:
  void add(WeChatFault fault);
  void clear();
  /// Takes one occurrence of the first fault that fits.
  [[nodiscard]] std::optional<WeChatFault> take(std::string_view path);

 private:
  std::mutex mutex_;
  std::vector<WeChatFault> waiting_;
};

/// The honest answer of `serve`, or what the fault makes of it: `coded` writes the platform's own error with a code,
/// other faults spoil or delay what `serve` answers, or put a page in its place. May wait.
[[nodiscard]] HttpReply answer_with(const std::optional<WeChatFault>& fault,
                                    const std::function<HttpReply(std::int64_t)>& coded,
                                    const std::function<HttpReply()>& serve);

}  // namespace huiyin::simulators
