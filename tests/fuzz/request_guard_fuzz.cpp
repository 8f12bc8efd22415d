// SPDX-License-Identifier: MIT
//
// What comes over the network, in pieces: the first byte says how long they are. Whatever is let
// through is within its bounds, has nothing in it that means two things, and is the same however
// the bytes were cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "common/encoding.h"
#include "daemon/http/limits.h"
#include "daemon/http/request_guard.h"
#include "daemon/http/syntax.h"

namespace {

using twinlock::http::RequestGuard;

void require(bool holds) {
  if (!holds) abort();
}

RequestGuard fed(std::string_view bytes, std::size_t step) {
  RequestGuard guard([](auto, const auto&) { return twinlock::http::kMaxBody; });
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const auto part = bytes.substr(at, step);
    if (guard.take(part) < part.size()) break;
  }
  return guard;
}

void check(const twinlock::http::Request& request) {
  require(request.body.size() <= twinlock::http::kMaxBody);
  require(request.headers.size() <= twinlock::http::kMaxHeaderLines);
  for (const auto& [name, value] : request.headers) {
    require(twinlock::http::is_token(name) && twinlock::http::is_header_value(value));
  }
  for (const auto& segment : request.segments) {
    require(twinlock::is_utf8(segment) && segment != "." && segment != "..");
    require(segment.find_first_of(std::string_view("/\\\0\r\n", 5)) == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  auto whole = fed(input, std::max<std::size_t>(input.size(), 1));
  auto pieces = fed(input, std::size_t{bytes[0]} + 1);
  require(whole.state() == pieces.state());
  if (whole.state() == RequestGuard::State::Refused) {
    require(whole.refusal().status == pieces.refusal().status);
  }
  if (whole.state() != RequestGuard::State::Complete) return 0;
  const auto first = whole.take_request();
  const auto second = pieces.take_request();
  check(first.request);
  require(first.request.headers == second.request.headers);
  require(first.request.body == second.request.body);
  require(first.keep_alive == second.keep_alive);
  return 0;
}
