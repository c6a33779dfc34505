#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/assets.h"
#include "gateway/cli.h"
#include "gateway/media_fetcher.h"

namespace huiyin::gateway {

/// A provider's protocol of the simplest kind: media by GET with a token, errors as JSON with status 200.
class PhotoProvider final : public Channel {
 public:
  explicit PhotoProvider(std::string api) : api_(std::move(api)) {}
  tl::expected<Inbound, Reject> parse(const HttpRequest&) const override {
    return reject(RejectReason::unsupported, "takes nothing");
  }
  HttpReply acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const override {
    return {};
  }
  Capabilities capabilities() const override { return {}; }
  tl::expected<HttpCall, Rejected> compose_fetch(const MediaJob& job, const Sending& sending) const override {
    if (job.media_id == "no-such-thing") return tl::unexpected(Rejected{"40007", "no media id"});
    if (!job.url.empty()) return HttpCall{.url = job.url, .method = "GET"};
    return HttpCall{.url = api_ + "/" + job.media_id + "?token=" + sending.credential, .method = "GET"};
  }
  FetchResult judge_fetch(const HttpReply& reply, const MediaJob&, const Sending&) const override {
    if (reply.failure) return RetryAfter{{}, *reply.failure};
    if (reply.body.starts_with(R"({"errcode":42001)")) return CredentialExpired{};
    if (reply.body.starts_with(R"({"errcode":40007)")) return Rejected{"40007", "invalid media_id"};
    if (reply.body.starts_with(R"({"errcode":-1)")) return RetryAfter{std::chrono::seconds(30), "busy"};
    if (reply.body.starts_with("elsewhere ")) return FetchElsewhere{reply.body.substr(10)};
    return Fetched{};
  }
  std::vector<std::string> media_hosts() const override { return {"*.qpic.test"}; }

 private:
  std::string api_;
};

/// One that the provider takes for expired, and one that is fresh.
class OneToken final : public Credentials {
 public:
  std::optional<Secret> current(const std::string&) override {
    return refused_ ? std::optional(Secret("fresh")) : std::optional(Secret("stale"));
  }
  void refuse(const std::string&, const Secret& which) override { refused_ = which.reveal() == "stale"; }
  void listen(Listener) override {}

 private:
  std::atomic<bool> refused_{false};
};

/// The channel `photo:main` of a provider at `api`.
inline ChannelTable photo_channel(const std::string& api) {
  const auto config = default_config();
  ChannelTable out;
  auto desk = make_desk(load_assets(config).value(), config,
                        {.name = "photo:main", .kind = "photo", .estate = "riverside"}, {});
  out.emplace("/hook/photo/main", ChannelSetup{"photo:main", std::make_unique<PhotoProvider>(api), std::move(desk)});
  return out;
}

}  // namespace huiyin::gateway
