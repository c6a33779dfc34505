#pragma once

#include <sstream>
#include <string>

#include "gateway/cli.h"

namespace huiyin::gateway {

/// What a command of `huiyin` gave back.
struct Said {
  int code = 0;
  std::string out{}, errors{};
};

/// Runs it with nothing on its standard input.
template <class Command>
Said said_by(Command command) {
  std::istringstream in;
  std::ostringstream out, errors;
  const int code = command(Console{in, out, errors});
  return {code, out.str(), errors.str()};
}

}  // namespace huiyin::gateway
