#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "config/config.h"

namespace huiyin {
namespace {

constexpr std::size_t kMaxSecretBytes = std::size_t{64}
                                        << 10;  // a PEM chain fits; a device or a log given by mistake does not

constexpr auto kSourceRemedy = "Set it to {env: NAME} or {file: PATH}; openssl rand -hex 16 makes one";

Expected<std::string> load_secret_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return tl::unexpected(Error{file, "cannot be opened", "Check the path and who may read it"});
  std::string text(kMaxSecretBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.fail() && !in.eof())) return tl::unexpected(Error{file, "cannot be read", "Is it a file?"});
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxSecretBytes) return tl::unexpected(Error{file, "is over 64 KB", "A secret is a line or a key"});
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

YamlNode stanza_of(const ChannelConfig& channel) {
  return channel.stanza ? *channel.stanza : YamlNode::parse("{}", "channel").value();
}

}  // namespace

SecretSources process_secrets() {
  return {.environment = [](const std::string& name) -> std::optional<std::string> {
            const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody calls setenv
            if (value == nullptr) return std::nullopt;
            return std::string(value);
          },
          .file = load_secret_file};
}

ConfigReader::ConfigReader(YamlNode node, std::string context, const SecretSources& secrets, std::vector<Error>& errors)
    : YamlReader(std::move(node), context, errors), context_(std::move(context)), secrets_(secrets), errors_(errors) {}

void ConfigReader::complain_at(const YamlNode& node, const std::string& what, std::string remedy) {
  errors_.push_back(node.error(context_.empty() ? what : context_ + ": " + what, std::move(remedy)));
}

Secret ConfigReader::secret(std::string_view key) {
  auto found = optional_secret(key);
  if (found) return *std::move(found);
  complain(key, std::string(key) + " is missing", kSourceRemedy);
  return {};
}

std::optional<Secret> ConfigReader::optional_secret(std::string_view key) {
  const auto source = child(key);
  if (!source || source->is_null()) return std::nullopt;
  return read_source(std::string(key), *source);
}

RotatedSecret ConfigReader::rotated_secret(std::string_view key) {
  const std::string name(key);
  const auto node = child(key);
  if (!node || node->is_null()) {
    complain(key, name + " is missing", kSourceRemedy);
    return {};
  }
  if (!node->find("current") && !node->find("previous")) return {.current = read_source(name, *node), .previous = {}};
  RotatedSecret both;
  for (const auto& [part, source] : node->entries()) {
    if (part == "current")
      both.current = read_source(name + ".current", source);
    else if (part == "previous")
      both.previous = read_source(name + ".previous", source);
    else
      complain_at(source, fmt::format("{} has no key \"{}\"", name, part), "It takes current and previous");
  }
  if (!node->find("current")) complain_at(*node, name + ".current is missing", kSourceRemedy);
  return both;
}

Secret ConfigReader::read_source(const std::string& key, const YamlNode& source) {
  if (source.is_scalar()) {
    complain_at(source, key + " is written in clear", "Move it to {env: NAME} or {file: PATH}, and change the secret");
    return {};
  }
  const auto env = source.find("env");
  const auto file = source.find("file");
  if (!source.is_map() || source.entries().size() != 1 || (!env && !file)) {
    complain_at(source, key + " names no single source", kSourceRemedy);
    return {};
  }
  return env ? read_environment(key, *env) : read_file(key, *file);
}

Secret ConfigReader::read_environment(const std::string& key, const YamlNode& name) {
  auto value = name.text().empty() ? std::nullopt : secrets_.environment(name.text());
  if (value && !value->empty()) return Secret(*std::move(value));
  complain_at(name, key + ": the environment variable " + name.text() + (value ? " is empty" : " is not set"),
              "Export it for the daemon (systemd: EnvironmentFile=), or use {file: PATH}");
  return {};
}

Secret ConfigReader::read_file(const std::string& key, const YamlNode& path) {
  auto value = secrets_.file(path.text());
  if (value && !value->empty()) return Secret(*std::move(value));
  complain_at(path, key + ": the file " + path.text() + " " + (value ? "is empty" : value.error().what),
              value ? "Put the secret into it" : value.error().remedy);
  return {};
}

std::string ConfigReader::url(std::string_view key) { return checked_url(key, text(key)); }

std::string ConfigReader::url(std::string_view key, std::string_view fallback) {
  return checked_url(key, text(key, fallback));
}

std::string ConfigReader::checked_url(std::string_view key, std::string value) {
  const auto given = node().find(key);
  if (!given || !given->is_scalar()) return value;  // absent or no text: YamlReader has complained where it must
  const auto scheme_end = value.find("://");
  const bool is_http = value.starts_with("http://") || value.starts_with("https://");
  if (!is_http || value.size() == scheme_end + 3 || value.find_first_of(" \t?#") != std::string::npos) {
    complain(key, std::string(key) + " is no URL: \"" + value + "\"", "Write it as https://huiyin.example.com");
    return {};
  }
  while (value.ends_with('/')) value.pop_back();
  return value;
}

StanzaReader::StanzaReader(const ChannelConfig& channel, const SecretSources& secrets, std::vector<Error>& errors)
    : ConfigReader(stanza_of(channel), channel.describe(), secrets, errors) {
  for (const auto* key : {"name", "provider", "estate", "sending"}) static_cast<void>(child(key));
}

}  // namespace huiyin
