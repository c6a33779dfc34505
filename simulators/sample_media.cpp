#include "simulators/sample_media.h"

#include <cstddef>
#include <string_view>

namespace huiyin::simulators {
namespace {

// One grey pixel: APP1 with an EXIF GPS block (30°14'36" N, 120°9'18" E), one quantisation table, two Huffman tables of
// one code each.
constexpr std::string_view kPhoto =
    "ffd8ffe1008845786966000049492a0008000000010025880400010000001a0000000000000004000100020002000000"
    "4e000000020005000300000050000000030002000200000045000000040005000300000068000000000000001e000000"
    "010000000e00000001000000100e000064000000780000000100000009000000010000000807000064000000ffdb0043"
    "000101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101"
    "0101010101010101010101010101010101ffc0000b080001000101011100ffc400140001000000000000000000000000"
    "00000000ffc40014100100000000000000000000000000000000ffda0008010100003f003fffd9";

constexpr int kAmrFrames = 50;  // of 20 ms
constexpr std::size_t kAmrFrameBytes = 32;

unsigned value_of(char digit) { return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10); }

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(value_of(hex[i]) * 16 + value_of(hex[i + 1]));
  return out;
}

}  // namespace

SampleMedia sample_photo() { return {from_hex(kPhoto), "image/jpeg", "jpg"}; }

SampleMedia sample_voice() {
  std::string bytes = "#!AMR\n";
  for (int frame = 0; frame < kAmrFrames; ++frame) bytes += '\x3c' + std::string(kAmrFrameBytes - 1, '\0');
  return {std::move(bytes), "audio/amr", "amr"};
}

SampleMedia sample_video() {
  using namespace std::string_literals;
  return {"\0\0\0\x18"s + "ftypisom" + "\0\0\2\0"s + "isomiso2" + "\0\0\0\x08"s + "mdat", "video/mp4", "mp4"};
}

}  // namespace huiyin::simulators
