#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "core/error.h"
#include "dialogs/flow.h"
#include "dialogs/understanding/understand.h"
#include "gateway/desk.h"
#include "templates/renderer.h"

namespace huiyin::gateway {

/// The flow, lexicon and texts that an installation uses: its own folders where the configuration names them, else
/// those shipped.
struct Assets {
  dialogs::Flow flow{};
  std::shared_ptr<const dialogs::Lexicon> lexicon{};
  std::shared_ptr<const templates::Renderer> renderer{};
};

/// Reads and checks them, each against the others. Every complaint has file, line and what to do.
[[nodiscard]] tl::expected<Assets, std::vector<Error>> load_assets(const Config& config);

/// Texts that are newer than a company's own: its own, or, where they lack `probe`, the shipped ones.
[[nodiscard]] std::shared_ptr<const templates::Renderer> newer_texts(const Config& config, const Assets& assets,
                                                                     std::string_view probe);
/// Texts in a language: name and data give words.
using LocalWords = std::function<std::string(std::string_view name, const templates::Data& data)>;
/// The installation's own texts in `locale`, and `newer` for those that it lacks: a company that changed its texts
/// before there were such has them all the same.
[[nodiscard]] LocalWords words_of(const Assets& assets, std::shared_ptr<const templates::Renderer> newer,
                                  const std::string& locale);

/// Where shipped files lie: HUIYIN_SHARE, else share/huiyin beside the program's folder, else the source tree it was
/// built from.
[[nodiscard]] std::string share_folder();

/// What is shown to people of a time zone is ahead of UTC by, now: `Asia/Shanghai` is 480 minutes.
[[nodiscard]] std::chrono::minutes utc_offset(const std::string& time_zone);

[[nodiscard]] Expected<std::string> read_file(const std::string& path);

/// The questions that are offered in an estate, the lexicon's order kept.
[[nodiscard]] std::vector<dialogs::FaqEntry> listed_questions(const dialogs::Lexicon& lexicon, std::string_view estate);

/// Where an estate is, for understand(). `estate` empty: the only one, where there is no other.
[[nodiscard]] dialogs::Locality locality_of(const Config& config, const std::string& estate = "");

/// What the conversations of one channel are decided with.
[[nodiscard]] Desk make_desk(const Assets& assets, const Config& config, const ChannelConfig& channel,
                             const Capabilities& capabilities);

}  // namespace huiyin::gateway
