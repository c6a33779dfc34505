#include "tests/adapters/workchat/vectors.h"

#include <nlohmann/json.hpp>

#include "tests/adapters/wechat/wechat_requests.h"

namespace huiyin::workchat {

std::vector<nlohmann::json> vectors_of(std::string_view prefix) {
  std::vector<nlohmann::json> out;
  const auto all = nlohmann::json::parse(wechat::read_file("tests/data/workchat/vectors.json"));
  for (const auto& vector : all.at("vectors"))
    if (vector.at("name").get<std::string>().starts_with(prefix)) out.push_back(vector);
  return out;
}

}  // namespace huiyin::workchat
