#include <fmt/format.h>
#include <sysexits.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/ticket.h"
#include "dialogs/understanding/learn.h"
#include "gateway/assets.h"
#include "gateway/cli.h"

namespace huiyin::gateway {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The message of a line; what is wrong with it otherwise.
tl::expected<dialogs::LabelledMessage, std::string> message_of(const std::string& line) {
  const auto json = Json::parse(line, nullptr, false);
  const auto refused = [](const char* why) { return tl::unexpected(std::string(why)); };
  if (!json.is_object()) return refused("is no JSON object. Write {\"text\": …, \"category\": …} on one line.");
  dialogs::LabelledMessage message{.text = text_of(json, "text"),
                                   .danger = text_of(json, "danger"),
                                   .category = text_of(json, "category"),
                                   .subcategory = text_of(json, "subcategory"),
                                   .intent = text_of(json, "intent")};
  if (message.text.empty()) return refused("has no \"text\". Write what the owner wrote there.");
  if (!parse_category(message.category))
    return refused(
        "has no category that is known. Use repair, cleaning, service, security, internal, out_of_scope or none.");
  return message;
}

}  // namespace

int run_learn(const LearnOptions& options, Console console) {
  const auto configured = load_configured_assets(options.config_file, console.errors);
  if (!configured) return EX_CONFIG;
  std::vector<dialogs::LabelledMessage> messages;
  for (const auto& file : options.files) {
    std::ifstream in(file);
    if (!in) {
      console.errors << fmt::format("{}: cannot be read. Name files with one labelled message per line.\n", file);
      return EX_NOINPUT;
    }
    int number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.empty()) continue;
      auto message = message_of(line);
      if (!message) {
        console.errors << fmt::format("{}:{}: {}\n", file, number, message.error());
        return EX_DATAERR;
      }
      messages.push_back(*std::move(message));
    }
  }
  console.out << dialogs::learn_weights(*configured->assets.lexicon, messages);
  return EX_OK;
}

}  // namespace huiyin::gateway
