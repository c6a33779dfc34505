#include "adapters/email/tnef.h"

#include <cstdint>
#include <optional>

#include "adapters/email/charsets.h"
#include "adapters/email/header_text.h"

namespace huiyin::email {
namespace {

constexpr std::uint32_t kSignature = 0x223E9F78;
constexpr std::uint32_t kBeginFile = 0x00069002;  // attAttachRendData
constexpr std::uint32_t kTitle = 0x00018010;
constexpr std::uint32_t kData = 0x0006800F;
constexpr std::uint32_t kFileProperties = 0x00069005;
constexpr std::uint32_t kBody = 0x0002800C;
constexpr std::uint32_t kLongName = 0x3707;  // PR_ATTACH_LONG_FILENAME
constexpr std::size_t kMostFiles = 100;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool has(std::size_t count) const { return bytes_.size() >= count; }
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes_[i])) << (8U * i);
    bytes_.remove_prefix(size);
    return value;
  }
  std::string_view take(std::size_t count) {
    const auto out = bytes_.substr(0, count);
    bytes_.remove_prefix(out.size());
    return out;
  }

 private:
  std::string_view bytes_;
};

std::string_view until_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

/// The value of a property with a variable length, of which there may be several: padded to four bytes each.
std::optional<std::string_view> take_values(Reader& reader) {
  if (!reader.has(4)) return std::nullopt;
  std::optional<std::string_view> first;
  for (auto count = reader.number(4); count > 0; --count) {
    if (!reader.has(4)) return std::nullopt;
    const auto size = reader.number(4);
    if (!reader.has(size)) return std::nullopt;
    const auto value = reader.take(size);
    reader.take((4 - size % 4) % 4);
    if (!first) first = value;
  }
  return first.value_or(std::string_view());
}

/// The bytes of a property with a fixed length; 0: it has a variable one.
std::size_t fixed_size(std::uint32_t type) {
  switch (type) {
    case 0x0005:  // double
    case 0x0006:  // currency
    case 0x0007:  // time
    case 0x0014:  // 64 bits
    case 0x0040:  // system time
      return 8;
    case 0x0048:  // class id
      return 16;
    case 0x000D:  // object
    case 0x001E:  // string
    case 0x001F:  // Unicode string
    case 0x0102:  // binary
      return 0;
    default:
      return 4;
  }
}

std::string long_name(std::string_view properties) {
  Reader reader(properties);
  if (!reader.has(4)) return {};
  for (auto count = reader.number(4); count > 0 && reader.has(4); --count) {
    const auto type = reader.number(2);
    const auto id = reader.number(2);
    if (id >= 0x8000) return {};  // named: never before the ones that we look for in what Outlook writes
    if (const auto size = fixed_size(type); size != 0) {
      reader.take(size);
      continue;
    }
    const auto value = take_values(reader);
    if (!value) return {};
    if (id != kLongName) continue;
    return type == 0x001F ? to_utf8(*value, "utf-16le") : to_utf8(until_nul(*value), "gb18030");
  }
  return {};
}

/// Takes in one attribute.
void add(std::uint32_t id, std::string_view data, TnefContent& out) {
  if (id == kBeginFile && out.files.size() < kMostFiles) out.files.emplace_back();
  if (id == kBody) out.text = to_utf8(until_nul(data), "gb18030");
  if (out.files.empty()) return;
  auto& file = out.files.back();
  if (id == kTitle && file.name.empty()) file.name = to_utf8(until_nul(data), "gb18030");
  if (id == kData) file.content = std::string(data);
  if (id == kFileProperties)
    if (auto name = long_name(data); !name.empty()) file.name = std::move(name);
}

}  // namespace

TnefContent read_tnef(std::string_view bytes) {
  TnefContent out;
  Reader reader(bytes);
  if (!reader.has(6) || reader.number(4) != kSignature) return out;
  reader.number(2);  // key
  while (reader.has(9)) {
    reader.number(1);  // level
    const auto id = reader.number(4);
    const auto size = reader.number(4);
    if (!reader.has(std::size_t{size} + 2)) break;
    const auto data = reader.take(size);
    reader.number(2);  // checksum: what does not add up is still the best that there is
    add(id, data, out);
  }
  for (auto& file : out.files) file.name = safe_file_name(file.name);
  std::erase_if(out.files, [](const TnefContent::File& file) { return file.content.empty(); });
  return out;
}

}  // namespace huiyin::email
