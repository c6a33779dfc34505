#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace huiyin::email {

/// A header as it stands in the mail: undecoded, folded.
using RawHeaders = std::vector<std::pair<std::string, std::string>>;

/// The first value of a header, by its name in lower case; nothing where there is none.
[[nodiscard]] std::optional<std::string_view> find_header(const RawHeaders& headers, std::string_view name);

/// A part that holds no other parts.
struct MimeLeaf {
  std::string type{};         ///< `text/plain`, lower case
  std::string charset{};      ///< as labelled
  std::string name{};         ///< safe_file_name() of what the mail says; may be empty
  std::string content_id{};   ///< without brackets
  std::string disposition{};  ///< `attachment`, `inline`, empty
  bool flowed = false;        ///< RFC 3676
  bool delsp = false;
  bool related = false;     ///< within multipart/related
  bool report = false;      ///< within multipart/report
  int alternative = 0;      ///< names the innermost multipart/alternative it is within; 0: none
  int embedded = 0;         ///< within how many mails that are attached
  bool is_message = false;  ///< an attached mail, whole
  std::size_t index = 0;    ///< for MimeTree::decode()
};

/// A mail's structure (GMime). `bytes` must outlive it. Not thread-safe; different trees are.
class MimeTree {
 public:
  static constexpr std::size_t kMostParts = 200;
  static constexpr int kDeepest = 20;
  static constexpr std::size_t kMostHeaderBytes = 256U << 10U;

  explicit MimeTree(std::string_view bytes);
  ~MimeTree();
  MimeTree(const MimeTree&) = delete;
  MimeTree& operator=(const MimeTree&) = delete;

  [[nodiscard]] const RawHeaders& headers() const { return headers_; }
  [[nodiscard]] const std::string& type() const { return type_; }  ///< of the mail as a whole
  [[nodiscard]] const std::vector<MimeLeaf>& leaves() const { return leaves_; }
  [[nodiscard]] const std::string& cut() const { return cut_; }  ///< which limit left something out; empty: none
  /// The leaf's bytes, its transfer encoding undone; at most `most`. Of an attached mail: the mail.
  [[nodiscard]] std::string decode(const MimeLeaf& leaf, std::size_t most) const;
  /// The headers of an attached mail.
  [[nodiscard]] RawHeaders headers_of(const MimeLeaf& leaf) const;

 private:
  struct Impl;
  struct Place;
  void walk();
  void push_parts(const Place& place, std::vector<Place>& stack, int& alternatives);
  void push_attached(const Place& place, std::vector<Place>& stack);
  [[nodiscard]] static MimeLeaf leaf_of(const Place& place, std::size_t index);
  std::string_view bytes_;
  RawHeaders headers_{};
  std::string type_{};
  std::vector<MimeLeaf> leaves_{};
  std::string cut_{};
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin::email
