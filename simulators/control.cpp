#include "simulators/control.h"

namespace huiyin::simulators {

HttpReply plain(int status, const std::string& text) {
  return {.status = status, .body = text + "\n", .headers = {{"Content-Type", "text/plain; charset=utf-8"}}};
}

HttpReply control_faults(WeChatFaults& faults, const HttpRequest& request) {
  if (request.method == "DELETE") return faults.clear(), plain(200, "no faults");
  const auto node = YamlNode::parse(request.body, "fault");  // JSON is YAML
  if (!node) return plain(400, describe(node.error()));
  std::vector<Error> errors;
  const auto read = read_fault(*node, errors);
  if (!read) return plain(400, errors.empty() ? "no fault" : describe(errors.front()));
  faults.add(*read);
  return plain(200, "will do");
}

}  // namespace huiyin::simulators
