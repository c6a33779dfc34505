#include "net/forwarded.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

TEST(Forwarded, RangesOfBothKinds) {
  const struct {
    const char *address, *range;
    bool in;
  } table[] = {
      {"127.0.0.1", "127.0.0.1", true},
      {"127.0.0.1", "127.0.0.2", false},
      {"10.200.3.4", "10.0.0.0/8", true},
      {"11.0.0.1", "10.0.0.0/8", false},
      {"192.168.1.127", "192.168.1.0/25", true},
      {"192.168.1.128", "192.168.1.0/25", false},
      {"192.168.1.1", "0.0.0.0/0", true},
      {"::1", "0.0.0.0/0", false},
      {"::1", "::1", true},
      {"fd12::9", "fd00::/8", true},
      {"fe80::9", "fd00::/8", false},
      {"::ffff:10.0.0.2", "10.0.0.0/8", true},
      {"10.0.0.2", "10.0.0.0/33", false},
      {"10.0.0.2", "10.0.0.0/", false},
      {"10.0.0.2", "10.0.0.0/8x", false},
      {"10.0.0.2", "", false},
      {"unknown", "0.0.0.0/0", false},
  };
  for (const auto& row : table)
    EXPECT_EQ(is_in_ranges(row.address, {row.range}), row.in) << row.address << " " << row.range;
}

TEST(Forwarded, TheClientIsTheLastThatNoProxyOfOursAdded) {
  const std::vector<std::string> ours{"127.0.0.1", "10.0.0.0/8"};
  const struct {
    const char *address, *forwarded, *client;
  } table[] = {
      {"127.0.0.1", "", "127.0.0.1"},
      {"127.0.0.1", "192.0.2.9", "192.0.2.9"},
      {"127.0.0.1", "6.6.6.6, 192.0.2.9, 10.0.0.2", "192.0.2.9"},
      {"127.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"},
      {"127.0.0.1", "unknown", "unknown"},
      {"127.0.0.1", " , ,192.0.2.9", "192.0.2.9"},
      {"192.0.2.1", "6.6.6.6", "192.0.2.1"},
  };
  for (const auto& row : table)
    EXPECT_EQ(client_address(row.address, row.forwarded, ours), row.client) << row.forwarded;
}

}  // namespace
}  // namespace huiyin
