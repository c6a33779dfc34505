#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace huiyin {

/// Writes one JSON object's text from front to back, without building it first: for rows written with every message.
/// The caller keeps the order, and closes what he opens. Bytes that are no UTF-8 are replaced.
class JsonWriter {
 public:
  JsonWriter() {
    out_.reserve(kUsualBytes);
    out_ += '{';
  }

  JsonWriter& key(std::string_view name) {
    separate();
    quote(name);
    out_ += ':';
    fresh_ = true;
    return *this;
  }
  void value(std::string_view text) {
    separate();
    quote(text);
  }
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::int64_t number) {
    separate();
    out_ += std::to_string(number);
  }
  void value(bool flag) {
    separate();
    out_ += flag ? "true" : "false";
  }
  /// What is JSON already.
  void value_json(std::string_view json) {
    separate();
    out_ += json;
  }
  void open(char bracket) {
    separate();
    out_ += bracket;
    fresh_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    fresh_ = false;
  }
  /// The text; nothing may be written after it.
  [[nodiscard]] std::string take() {
    out_ += '}';
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kUsualBytes = 768;  ///< of a dialog's state or a reply: grown to in one step

  void separate() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }
  void quote(std::string_view text);

  std::string out_;
  bool fresh_ = true;  ///< nothing stands before on this level, or a key does
};

}  // namespace huiyin
