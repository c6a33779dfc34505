#include "net/form_data.h"

#include <algorithm>

namespace huiyin {
namespace {

constexpr std::size_t kMostBoundary = 70;  // RFC 2046, 5.1.1
constexpr std::size_t kMostHead = 1024;    // of a part
constexpr std::string_view kLine = "\r\n", kEndOfHead = "\r\n\r\n";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// The value of `name=…`, with or without quotes, among a header's parameters; nothing where there is none.
std::optional<std::string_view> parameter(std::string_view header, const std::string& name) {
  const auto folded = lower(header);
  for (auto at = folded.find(';'); at != std::string::npos; at = folded.find(';', at + 1)) {
    const auto begin = std::min(folded.find_first_not_of(" \t", at + 1), folded.size());
    if (folded.compare(begin, name.size() + 1, name + "=") != 0) continue;
    auto value = header.substr(begin + name.size() + 1);
    if (value.starts_with('"')) {
      const auto end = value.find('"', 1);  // a browser writes a quote in a name as %22
      return end == std::string_view::npos ? std::nullopt : std::optional(value.substr(1, end - 1));
    }
    return value.substr(0, std::min(value.find_first_of("; \t"), value.size()));
  }
  return std::nullopt;
}

/// What the head of a part says; nothing where it is no field's.
std::optional<FormPart> read_head(std::string_view head) {
  constexpr std::string_view kHeader = "content-disposition:";
  while (!head.empty()) {
    const auto end = std::min(head.find(kLine), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + kLine.size(), head.size()));
    if (!lower(line).starts_with(kHeader)) continue;
    const auto name = parameter(line, "name");
    if (!name) return std::nullopt;
    return FormPart{.name = std::string(*name), .is_file = parameter(line, "filename").has_value()};
  }
  return std::nullopt;
}

}  // namespace

bool is_form_data(std::string_view content_type) { return lower(content_type).starts_with("multipart/form-data"); }

std::optional<std::vector<FormPart>> read_form_data(std::string_view content_type, std::string_view body,
                                                    std::size_t most) {
  const auto boundary = is_form_data(content_type) ? parameter(content_type, "boundary") : std::nullopt;
  if (!boundary || boundary->empty() || boundary->size() > kMostBoundary) return std::nullopt;
  const auto first = "--" + std::string(*boundary), next = "\r\n" + first;
  if (!body.starts_with(first)) return std::nullopt;
  body.remove_prefix(first.size());
  std::vector<FormPart> out;
  while (!body.starts_with("--")) {
    if (out.size() == most || !body.starts_with(kLine)) return std::nullopt;
    const auto head_end = body.substr(0, kMostHead).find(kEndOfHead);
    if (head_end == std::string_view::npos) return std::nullopt;
    auto part = read_head(body.substr(kLine.size(), head_end - std::min(head_end, kLine.size())));
    if (!part) return std::nullopt;
    body.remove_prefix(head_end + kEndOfHead.size());
    const auto end = body.find(next);
    if (end == std::string_view::npos) return std::nullopt;
    part->body = body.substr(0, end);
    out.push_back(*std::move(part));
    body.remove_prefix(end + next.size());
  }
  return out;
}

}  // namespace huiyin
