#include "core/error.h"

namespace huiyin {

std::string describe(const Error& error) {
  std::string out = error.where.empty() ? error.what : error.where + ": " + error.what;
  if (!out.empty() && out.back() != '.' && out.back() != '?') out += '.';
  if (!error.remedy.empty()) out += ' ' + error.remedy;
  if (!error.remedy.empty() && out.back() != '.' && out.back() != '?') out += '.';
  return out;
}

}  // namespace huiyin
