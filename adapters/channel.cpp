#include "adapters/channel.h"

#include <utility>

namespace huiyin {

std::string_view to_string(RejectReason reason) {
  switch (reason) {
    case RejectReason::bad_signature:
      return "bad_signature";
    case RejectReason::stale:
      return "stale";
    case RejectReason::malformed:
      return "malformed";
    case RejectReason::too_large:
      return "too_large";
    case RejectReason::unsupported:
      return "unsupported";
  }
  return "malformed";
}

int status_of(RejectReason reason) {
  switch (reason) {
    case RejectReason::bad_signature:
    case RejectReason::stale:
      return 403;
    case RejectReason::malformed:
      return 400;
    case RejectReason::too_large:
      return 413;
    case RejectReason::unsupported:
      return 404;
  }
  return 400;
}

tl::unexpected<Reject> reject(RejectReason reason, std::string what) {
  return tl::unexpected(Reject{reason, std::move(what)});
}

}  // namespace huiyin
