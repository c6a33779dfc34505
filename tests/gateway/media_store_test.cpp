#include "gateway/media_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gateway/assets.h"
#include "gateway/file_type.h"
#include "tests/gateway/pictures.h"
#include "tests/gateway/temporary_folder.h"

namespace huiyin::gateway {
namespace {

namespace fs = std::filesystem;

class MediaStoreTest : public testing::Test {
 protected:
  std::string keep(std::string_view bytes) {
    auto incoming = store_->receive();
    EXPECT_TRUE(incoming);
    EXPECT_TRUE((*incoming)->write(bytes.substr(0, bytes.size() / 2)));
    EXPECT_TRUE((*incoming)->write(bytes.substr(bytes.size() / 2)));
    const auto kept = store_->keep(**incoming);
    EXPECT_TRUE(kept) << describe(kept.error());
    return kept.value_or("");
  }
  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.file("media"))) count += entry.is_regular_file();
    return count;
  }

  TemporaryFolder folder_;
  std::unique_ptr<MediaStore> store_ = MediaStore::open(folder_.file("media")).value();
};

TEST_F(MediaStoreTest, AFileIsFoundByTheHashOfItsBytes) {
  const auto sha256 = keep("abc");
  EXPECT_EQ(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2, B.1
  EXPECT_TRUE(store_->holds(sha256));
  EXPECT_EQ(store_->path_of(sha256), folder_.file("media") + "/ba/" + sha256);
  EXPECT_EQ(read_file(store_->path_of(sha256)).value(), "abc");
  EXPECT_EQ(fs::status(store_->path_of(sha256)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(store_->holds(std::string(64, '0')));
}

TEST_F(MediaStoreTest, TheSameBytesAreThereOnce) {
  EXPECT_EQ(keep("abc"), keep("abc"));
  EXPECT_NE(keep("abc"), keep("abd"));
  EXPECT_EQ(files(), 2U);
}

TEST_F(MediaStoreTest, WhatIsNotKeptIsGone) {
  {
    auto incoming = store_->receive().value();
    EXPECT_TRUE(incoming->write("half a photo"));
    EXPECT_EQ(files(), 1U);
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(MediaStoreTest, WhatAKilledProcessLeftGoesAfterADay) {
  for (const auto* name : {"old", "young"}) std::ofstream(folder_.file("media") + "/tmp/" + name) << "half";
  fs::last_write_time(folder_.file("media") + "/tmp/old", fs::file_time_type::clock::now() - std::chrono::hours(25));
  store_ = MediaStore::open(folder_.file("media")).value();
  EXPECT_EQ(files(), 1U) << "another process may be receiving the young one";
}

TEST_F(MediaStoreTest, MailsAsTheyCameGoWithTheirDay) {
  const Time noon{std::chrono::milliseconds(1795406400000)};  // 2026-11-23
  const auto keep_mail = [&](Time received) {
    auto incoming = store_->receive().value();
    EXPECT_TRUE(incoming->write("From: wang@qq.com"));
    return store_->keep_mail(*incoming, received).value_or("");
  };
  const auto old = keep_mail(noon), young = keep_mail(noon + std::chrono::hours(24));
  const auto photo = keep("a photo");
  EXPECT_EQ(old.substr(0, 17), "mails/2026-11-23/");
  store_->forget_mails_before(noon);
  EXPECT_EQ(files(), 3U);
  store_->forget_mails_before(noon + std::chrono::hours(24));
  EXPECT_FALSE(fs::exists(folder_.file("media") + "/" + old));
  EXPECT_EQ(read_file(folder_.file("media") + "/" + young).value(), "From: wang@qq.com");
  EXPECT_TRUE(store_->holds(photo));
}

TEST_F(MediaStoreTest, AFolderThatCannotBeMadeIsAnErrorThatSaysWhich) {
  std::ofstream(folder_.file("taken")) << "a file";
  const auto opened = MediaStore::open(folder_.file("taken"));
  ASSERT_FALSE(opened);
  EXPECT_NE(describe(opened.error()).find("taken"), std::string::npos);
}

TEST_F(MediaStoreTest, AFullDiskIsToldAndLeavesNothing) {
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit was{};
  ::getrlimit(RLIMIT_FSIZE, &was);
  const rlimit little{4096, was.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &little);
  {
    auto incoming = store_->receive().value();
    EXPECT_TRUE(incoming->write(std::string(4096, 'x')));
    EXPECT_FALSE(incoming->write("one more"));
    EXPECT_NE(incoming->why_not(), "");
  }
  ::setrlimit(RLIMIT_FSIZE, &was);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(files(), 0U);
}

TEST_F(MediaStoreTest, ACopyForGroupsHasNoMetadataAndTheOriginalStays) {
  const auto photo = pictures::jpeg();
  const auto sha256 = keep(photo);
  const auto copy = store_->shareable_copy(sha256, "image/jpeg");
  ASSERT_TRUE(copy) << describe(copy.error());
  const auto bytes = read_file(*copy).value();
  EXPECT_EQ(bytes.find("GPS"), std::string::npos);
  EXPECT_EQ(read_file(store_->path_of(sha256)).value(), photo);
  EXPECT_EQ(store_->shareable_copy(sha256, "image/jpeg").value(), *copy);
  EXPECT_EQ(files(), 2U);
}

TEST_F(MediaStoreTest, WhatMetadataCannotBeTakenOutOfIsNotShared) {
  const auto video = keep("video");
  EXPECT_FALSE(store_->shareable_copy(video, "video/mp4"));
  EXPECT_FALSE(store_->shareable_copy(std::string(64, '0'), "image/jpeg")) << "not here";
  EXPECT_FALSE(store_->shareable_copy(keep("no jpeg"), "image/jpeg"));
}

TEST_F(MediaStoreTest, ManyThreadsKeepTheSameFile) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this] {
      for (int i = 0; i < 20; ++i) (void)keep("the same photo");
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(files(), 1U);
}

TEST(FileTypes, AreToldByTheBytes) {
  using namespace std::string_literals;
  TemporaryFolder folder;
  const auto types = FileTypes::load().value();
  const auto accepted = [&](const std::string& bytes, MediaKind kind) {
    std::ofstream(folder.file("photo.jpg"), std::ios::binary) << bytes;
    return is_accepted(types->type_of(folder.file("photo.jpg")), kind);
  };
  EXPECT_TRUE(accepted(pictures::jpeg(), MediaKind::image));
  EXPECT_TRUE(accepted(pictures::png(), MediaKind::image));
  EXPECT_TRUE(accepted(pictures::webp(), MediaKind::image));
  EXPECT_TRUE(accepted("GIF89a\1\0\1\0\0\0\0;"s, MediaKind::image));
  EXPECT_TRUE(accepted("#!AMR\n\x3C"s + std::string(31, '\0'), MediaKind::voice));
  EXPECT_TRUE(
      accepted("\0\0\0\x20"
               "ftypisom\0\0\2\0isomiso2avc1mp41"s,
               MediaKind::video));
  EXPECT_TRUE(accepted(pictures::jpeg(), MediaKind::file));
  EXPECT_FALSE(
      accepted("\0\0\0\x20"
               "ftypisom\0\0\2\0isomiso2avc1mp41"s,
               MediaKind::image))
      << "a film is no photo";
  EXPECT_FALSE(accepted(pictures::jpeg(), MediaKind::voice));
  for (const auto& bytes :
       {"<html><body>busy</body></html>"s, "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"s,
        "PK\3\4\x14\0\0\0\x08\0"s + std::string(100, 'x'), "\x1F\x8B\x08\0\0\0\0\0\0\3"s,
        "\x7F"
        "ELF\2\1\1\0"s +
            std::string(56, '\0'),
        "MZ\x90\0"s + std::string(100, '\0'), "%PDF-1.7\n"s, "#!/bin/sh\nrm -rf /"s, R"({"errcode":40007})"s, ""s})
    for (const auto kind : {MediaKind::image, MediaKind::voice, MediaKind::video, MediaKind::file})
      EXPECT_FALSE(accepted(bytes, kind)) << bytes.substr(0, 20);
}

TEST(FileTypes, WordsAreNoMedia) {
  for (const auto* type : {"text/html", "text/plain", "application/json", "inode/x-empty"}) EXPECT_TRUE(is_words(type));
  for (const auto* type : {"image/jpeg", "application/zip", "audio/amr"}) EXPECT_FALSE(is_words(type));
}

}  // namespace
}  // namespace huiyin::gateway
