#pragma once

#include <functional>
#include <string>

#include "adapters/channel.h"
#include "config/config.h"
#include "gateway/credentials.h"
#include "gateway/file_type.h"
#include "gateway/hooks.h"
#include "gateway/media_store.h"
#include "gateway/office.h"
#include "gateway/pages_router.h"
#include "gateway/pipeline.h"

namespace huiyin::gateway {

/// Work chat whose own browser tells who opens a page. Without a channel: nobody is told of.
struct SignInChannel {
  std::string name{};
  const Channel* channel = nullptr;
  Credentials* credentials = nullptr;
  std::function<HttpReply(const HttpCall&)> call{};  ///< blocks; with a timeout of its own
};

/// What the pages' world is made of; all must outlive it.
struct PagesTools {
  db::Store& store;
  Pipeline& pipeline;
  MediaStore& media;
  FileTypes& types;
  const Office& office;
  IdSource& ids;
  const Clock& clock;
  Random& random;
  std::string share_folder{};
  std::string public_url{};
  SignInChannel sign_in{};
};

/// Tickets and surveys from the store, deeds through the one door.
[[nodiscard]] PagesWorld make_pages_world(const PagesTools& tools);

/// Office::page: the address of a ticket's page for somebody, personal where his channel is; empty without a secret.
[[nodiscard]] std::function<std::string(const Ticket&, const Peer&)> make_page_links(const Config& config,
                                                                                     const Clock& clock);
/// Office::survey_page: the address of a survey's page, its owner's own; empty without a secret.
[[nodiscard]] std::function<std::string(const Survey&)> make_survey_links(const Config& config, const Clock& clock);
/// Which channels speak to groups: their links ask for sign-in.
[[nodiscard]] std::map<std::string, bool> group_channels(const ChannelTable& channels);

}  // namespace huiyin::gateway
