#pragma once

#include "db/store.h"
#include "gateway/metrics.h"
#include "gateway/node.h"
#include "gateway/spool.h"
#include "net/http.h"

namespace huiyin::gateway {

/// What the second port answers: /healthz (this process lives), /readyz (it can decide; otherwise 503 and why),
/// /metrics.
class Monitor {
 public:
  Monitor(const Node& node, const Spool& spool, Metrics& metrics) : node_(node), spool_(spool), metrics_(metrics) {}
  [[nodiscard]] HttpReply handle(const HttpRequest& request) const;

 private:
  const Node& node_;
  const Spool& spool_;
  Metrics& metrics_;
};

}  // namespace huiyin::gateway
