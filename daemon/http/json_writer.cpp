// SPDX-License-Identifier: MIT
#include "daemon/http/json_writer.h"

#include <algorithm>

#include "daemon/http/json.h"

namespace twinlock::http {
namespace {

// Which characters may stand between quotes as they are.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7f; ++c) plain.at(c) = c != '"' && c != '\\';
  return plain;
}();

bool is_plain(char c) { return kPlain[static_cast<unsigned char>(c)]; }

}  // namespace

void JsonWriter::grow(std::size_t count) {
  constexpr std::size_t kLeast = 256;
  text_.resize(std::max({2 * text_.size(), size_ + count, kLeast}));
}

JsonWriter& JsonWriter::value(std::string_view text) {
  // Escapes, and what isn't UTF-8, are rare, and json_text() knows them.
  const bool needs_none = std::all_of(text.begin(), text.end(), is_plain);
  return needs_none ? plain(text) : raw(json_text(Json(text)));
}

JsonWriter& JsonWriter::value(bool truth) { return raw(truth ? "true" : "false"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  reserve(json.size() + 1);
  separate();
  put(json);
  return *this;
}

}  // namespace twinlock::http
