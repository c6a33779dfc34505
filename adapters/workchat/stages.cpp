#include "adapters/workchat/stages.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <utility>

#include "core/text.h"

namespace huiyin::workchat {
namespace {

std::string_view name_of(Stage::Kind kind) {
  constexpr std::array kNames = {std::string_view(), std::string_view("words"), std::string_view("upload"),
                                 std::string_view("show")};
  return kNames.at(static_cast<std::size_t>(kind));
}

bool is_final(const SendResult& result) {
  const auto* retry = std::get_if<RetryAfter>(&result);
  return std::holds_alternative<Rejected>(result) || (retry != nullptr && retry->alarm);
}

/// The upload of a photo, or, where the platform has it already, the showing.
void begin_photo(Stage& stage, const MediaReference& photo) {
  stage.media_id = photo.media_id;
  stage.kind = photo.media_id.empty() ? Stage::Kind::upload : Stage::Kind::show;
}

}  // namespace

std::string encode(const Stage& stage) {
  return std::string(name_of(stage.kind)) + "\n" + std::to_string(stage.photo) + "\n" + stage.media_id + "\n" +
         stage.sent;
}

Stage decode_stage(std::string_view previous) {
  const auto parts = split(previous, '\n');
  Stage stage;
  if (parts.size() != 4) return stage;
  for (const auto kind : {Stage::Kind::words, Stage::Kind::upload, Stage::Kind::show})
    if (parts[0] == name_of(kind)) stage.kind = kind;
  std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), stage.photo);
  stage.media_id = parts[2];
  stage.sent = parts[3];
  return stage;
}

std::vector<MediaReference> photos_of(const OutboundMessage& message) {
  std::vector<MediaReference> out;
  for (const auto& media : message.media) {
    const bool there = !media.media_id.empty() || !media.file.empty();
    if (media.kind == MediaKind::image && there && out.size() < kMostPhotos) out.push_back(media);
  }
  return out;
}

Stage stage_of(const OutboundMessage& message, const Sending& sending, bool only_photos) {
  auto stage = decode_stage(sending.previous);
  if (stage.kind == Stage::Kind::whole && only_photos) begin_photo(stage, photos_of(message).front());
  return stage;
}

tl::expected<HttpUpload, Rejected> upload_of(const OutboundMessage& message, const Stage& stage, std::string field) {
  const auto photos = photos_of(message);
  if (stage.photo >= photos.size()) return tl::unexpected(Rejected{"defect", "there is no such photo"});
  const auto& file = photos[stage.photo].file;
  return HttpUpload{.field = std::move(field),
                    .file = file,
                    .name = std::filesystem::path(file).filename().string() + ".jpg",
                    .type = "image/jpeg"};
}

SendResult next_photo(const OutboundMessage& message, std::size_t photo, std::string sent) {
  const auto photos = photos_of(message);
  if (photo >= photos.size()) return Accepted{std::move(sent)};
  Stage next{.photo = photo, .media_id = {}, .sent = std::move(sent)};
  begin_photo(next, photos[photo]);
  return NextStep{encode(next)};
}

SendResult after_photo(const OutboundMessage& message, const Stage& stage, const std::string& id) {
  if (stage.kind == Stage::Kind::show)
    return next_photo(message, stage.photo + 1, stage.sent.empty() ? id : stage.sent);
  if (id.empty()) return Rejected{"media", "the upload was answered without a media id"};
  return NextStep{encode(Stage{.kind = Stage::Kind::show, .photo = stage.photo, .media_id = id, .sent = stage.sent})};
}

SendResult settle_photo(SendResult result, const Stage& stage) {
  const bool goes_on = std::holds_alternative<Accepted>(result) || std::holds_alternative<NextStep>(result);
  // What it belongs to has arrived, and links to where the photo is.
  if (!goes_on && !stage.sent.empty() && !std::holds_alternative<CredentialExpired>(result))
    return Accepted{stage.sent};
  return result;
}

SendResult words_if_refused(SendResult result, bool has_words) {
  if (!has_words || !is_final(result)) return result;
  return NextStep{encode(Stage{.kind = Stage::Kind::words})};
}

}  // namespace huiyin::workchat
