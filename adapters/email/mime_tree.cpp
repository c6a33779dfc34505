#include "adapters/email/mime_tree.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "adapters/email/ascii.h"
#include "adapters/email/header_text.h"
#include "core/handle.h"
#include "core/text.h"

namespace huiyin::email {
namespace {

struct GmimeLibrary {
  GmimeLibrary() { g_mime_init(); }
};
void use_gmime() { static const GmimeLibrary library; }

template <class T>
using Object = Handle<T, g_object_unref>;
using Format = Handle<GMimeFormatOptions, g_mime_format_options_free>;
using Bytes = Handle<GByteArray, g_byte_array_unref>;

RawHeaders headers_of_object(GMimeObject* object) {
  RawHeaders out;
  auto* list = g_mime_object_get_header_list(object);
  const int count = g_mime_header_list_get_count(list);
  for (int i = 0; i < count; ++i) {
    auto* header = g_mime_header_list_get_header_at(list, i);
    const char* name = g_mime_header_get_name(header);
    const char* value = g_mime_header_get_raw_value(header);
    out.emplace_back(name == nullptr ? std::string_view() : trim(name), value == nullptr ? "" : value);
  }
  return out;
}

std::string_view value_of(const RawHeaders& headers, std::string_view name) {
  return find_header(headers, name).value_or(std::string_view());
}

std::string name_of(const ParameterizedValue& disposition, const ParameterizedValue& type) {
  const auto named = disposition.parameter("filename");
  return safe_file_name(named.empty() ? type.parameter("name") : named);
}

/// Undoes the transfer encoding of what lies in memory, without a copy on the way.
std::string decode_transfer(std::string_view encoded, GMimeContentEncoding encoding, std::size_t most) {
  GMimeEncoding state;
  g_mime_encoding_init_decode(&state, encoding);
  if (encoding == GMIME_CONTENT_ENCODING_BASE64)
    encoded = encoded.substr(0, std::min(encoded.size(), most + most / 2 + 64));
  if (encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
    const auto begin = encoded.find("begin ");
    encoded.remove_prefix(begin == std::string_view::npos ? 0 : std::min(encoded.size(), encoded.find('\n', begin)));
    encoded.remove_prefix(std::min(encoded.size(), encoded.find_first_not_of("\r\n")));
    state.state |= GMIME_UUDECODE_STATE_BEGIN;
  }
  std::string out(std::min(g_mime_encoding_outlen(&state, encoded.size()), encoded.size() + 16), '\0');
  if (encoding == GMIME_CONTENT_ENCODING_BASE64) {
    // g_mime's own bound is for any encoding; base64 gives three bytes for four characters.
    constexpr std::size_t kStep = 1U << 16U;
    std::string piece(g_mime_encoding_outlen(&state, kStep), '\0');
    out.clear();
    out.reserve(encoded.size() / 4 * 3 + 3);
    for (; !encoded.empty(); encoded.remove_prefix(std::min(kStep, encoded.size()))) {
      const auto now = encoded.substr(0, kStep);
      out.append(piece.data(), g_mime_encoding_step(&state, now.data(), now.size(), piece.data()));
    }
  } else {
    out.resize(g_mime_encoding_step(&state, encoded.data(), encoded.size(), out.data()));
  }
  if (out.size() > most) out.resize(most);
  return out;
}

}  // namespace

struct MimeTree::Impl {
  Bytes buffer{};
  Object<GMimeMessage> message{};
  std::vector<GMimeObject*> objects{};  // by MimeLeaf::index

  [[nodiscard]] std::string_view encoded(GMimePart* part, std::string_view bytes) const;
};

/// What a part inherits from those around it.
struct MimeTree::Place {
  GMimeObject* object = nullptr;
  int depth = 0;
  int alternative = 0;
  int embedded = 0;
  bool related = false;
  bool report = false;
};

MimeLeaf MimeTree::leaf_of(const Place& place, std::size_t index) {
  const auto headers = headers_of_object(place.object);
  const auto type = parse_parameters(value_of(headers, "content-type"));
  const auto disposition = parse_parameters(value_of(headers, "content-disposition"));
  MimeLeaf leaf{.type = type.value.find('/') == std::string::npos ? "text/plain" : type.value,
                .charset = type.parameter("charset"),
                .name = name_of(disposition, type),
                .disposition = disposition.value,
                .flowed = lower(type.parameter("format")) == "flowed",
                .delsp = lower(type.parameter("delsp")) == "yes",
                .related = place.related,
                .report = place.report,
                .alternative = place.alternative,
                .embedded = place.embedded,
                .index = index};
  std::string id(value_of(headers, "content-id"));
  std::erase_if(id, [](unsigned char c) { return c <= ' ' || c == '<' || c == '>'; });
  leaf.content_id = std::move(id);
  return leaf;
}

/// Where a part's content lies in the mail.
std::string_view MimeTree::Impl::encoded(GMimePart* part, std::string_view bytes) const {
  auto* wrapper = g_mime_part_get_content(part);
  auto* stream = wrapper == nullptr ? nullptr : g_mime_data_wrapper_get_stream(wrapper);
  if (stream == nullptr || !GMIME_IS_STREAM_MEM(stream) || GMIME_STREAM_MEM(stream)->buffer != buffer.get()) return {};
  const auto begin = std::clamp<gint64>(stream->bound_start, 0, static_cast<gint64>(bytes.size()));
  const auto end = stream->bound_end < 0
                       ? static_cast<gint64>(bytes.size())
                       : std::clamp<gint64>(stream->bound_end, begin, static_cast<gint64>(bytes.size()));
  return bytes.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

std::optional<std::string_view> find_header(const RawHeaders& headers, std::string_view name) {
  for (const auto& [its_name, value] : headers)
    if (its_name.size() == name.size() && std::equal(name.begin(), name.end(), its_name.begin(), [](char a, char b) {
          return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
        }))
      return value;
  return std::nullopt;
}

MimeTree::MimeTree(std::string_view bytes) : bytes_(bytes), impl_(std::make_unique<Impl>()) {
  use_gmime();
  // GMime reads the bytes where they are; the array only borrows them, and lets go of them in the destructor.
  impl_->buffer.reset(g_byte_array_new());
  impl_->buffer->data = reinterpret_cast<guint8*>(const_cast<char*>(bytes.data()));
  impl_->buffer->len = static_cast<guint>(bytes.size());
  const Object<GMimeStream> stream(g_mime_stream_mem_new_with_byte_array(impl_->buffer.get()));
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream.get()), FALSE);
  const Object<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  g_mime_parser_set_persist_stream(parser.get(), TRUE);
  g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
  impl_->message.reset(g_mime_parser_construct_message(parser.get(), nullptr));
  if (impl_->message) walk();
}

MimeTree::~MimeTree() {
  impl_->message.reset();
  impl_->buffer->data = nullptr;
  impl_->buffer->len = 0;
}

/// The parts of a multipart, last first.
void MimeTree::push_parts(const Place& place, std::vector<Place>& stack, int& alternatives) {
  const auto type = parse_parameters(value_of(headers_of_object(place.object), "content-type")).value;
  Place child = place;
  ++child.depth;
  if (type == "multipart/alternative") child.alternative = ++alternatives;
  child.related = child.related || type == "multipart/related";
  child.report = child.report || type == "multipart/report";
  auto* multipart = GMIME_MULTIPART(place.object);
  const int count = g_mime_multipart_get_count(multipart);
  if (count > static_cast<int>(kMostParts)) cut_ = "too many parts";
  for (int i = std::min(count, static_cast<int>(kMostParts)) - 1; i >= 0; --i) {
    child.object = g_mime_multipart_get_part(multipart, i);
    stack.push_back(child);
  }
}

/// Of an attached mail the parts of one level are looked at.
void MimeTree::push_attached(const Place& place, std::vector<Place>& stack) {
  if (!GMIME_IS_MESSAGE_PART(place.object)) return;
  leaves_.back().is_message = true;
  leaves_.back().type = "message/rfc822";
  auto* inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(place.object));
  auto* part = inner == nullptr ? nullptr : g_mime_message_get_mime_part(inner);
  if (part != nullptr && place.embedded == 0)
    stack.push_back({.object = part, .depth = place.depth + 1, .embedded = 1, .report = place.report});
}

void MimeTree::walk() {
  headers_ = headers_of_object(GMIME_OBJECT(impl_->message.get()));
  auto* root = g_mime_message_get_mime_part(impl_->message.get());
  if (root == nullptr) return;
  // The mail's own Content-… headers belong to its root part in GMime.
  for (auto& header : headers_of_object(root)) headers_.push_back(std::move(header));
  type_ = parse_parameters(value_of(headers_, "content-type")).value;
  int alternatives = 0;
  std::vector<Place> stack{{.object = root}};
  while (!stack.empty()) {
    const auto place = stack.back();
    stack.pop_back();
    if (leaves_.size() >= kMostParts || place.depth > kDeepest) {
      cut_ = place.depth > kDeepest ? "nested too deep" : "too many parts";
    } else if (GMIME_IS_MULTIPART(place.object)) {
      push_parts(place, stack, alternatives);
    } else {
      leaves_.push_back(leaf_of(place, impl_->objects.size()));
      impl_->objects.push_back(place.object);
      push_attached(place, stack);
    }
  }
}

std::string MimeTree::decode(const MimeLeaf& leaf, std::size_t most) const {
  auto* object = impl_->objects[leaf.index];
  if (leaf.is_message) {
    auto* inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
    if (inner == nullptr) return {};
    const Object<GMimeStream> stream(g_mime_stream_mem_new());
    const Format format(g_mime_format_options_new());
    g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
    g_mime_object_write_to_stream(GMIME_OBJECT(inner), format.get(), stream.get());
    const auto* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char*>(array->data), std::min<std::size_t>(array->len, most)};
  }
  if (!GMIME_IS_PART(object)) return {};
  auto* part = GMIME_PART(object);
  return decode_transfer(impl_->encoded(part, bytes_), g_mime_part_get_content_encoding(part), most);
}

RawHeaders MimeTree::headers_of(const MimeLeaf& leaf) const {
  auto* object = impl_->objects[leaf.index];
  auto* inner = leaf.is_message ? g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)) : nullptr;
  return inner == nullptr ? RawHeaders{} : headers_of_object(GMIME_OBJECT(inner));
}

}  // namespace huiyin::email
