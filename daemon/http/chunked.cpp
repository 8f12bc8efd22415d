// SPDX-License-Identifier: MIT
#include "daemon/http/chunked.h"

#include <algorithm>

#include "daemon/http/limits.h"
#include "daemon/http/syntax.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kMaxSizeDigits = 8;

}  // namespace

std::size_t ChunkedBody::take(std::string_view bytes, std::string& body) {
  std::size_t at = 0;
  while (at < bytes.size() && state_ == State::Going) {
    if (place_ != Place::Bytes) {
      take_one(bytes[at++]);
      continue;
    }
    const auto count = std::min(size_, bytes.size() - at);
    body.append(bytes.substr(at, count));
    at += count;
    size_ -= count;
    if (size_ == 0) place_ = Place::BytesReturn;
  }
  return at;
}

void ChunkedBody::take_one(char c) {
  switch (place_) {
    case Place::Size:
      return take_digit(c);
    case Place::SizeEnd:
      return c == '\n' ? end_size() : void(state_ = State::Malformed);
    case Place::BytesReturn:
      place_ = Place::BytesEnd;
      if (c != '\r') state_ = State::Malformed;
      return;
    case Place::BytesEnd:
      place_ = Place::Size;
      digits_ = 0;
      if (c != '\n') state_ = State::Malformed;
      return;
    case Place::Trailer:
      return take_trailer(c);
    case Place::Bytes:
      break;
  }
}

void ChunkedBody::take_digit(char c) {
  if (c == '\r' && digits_ > 0) {
    place_ = Place::SizeEnd;
    return;
  }
  const int value = hex_value(c);
  if (value < 0 || ++digits_ > kMaxSizeDigits) {
    state_ = State::Malformed;
    return;
  }
  size_ = size_ * 16 + static_cast<std::size_t>(value);
}

void ChunkedBody::end_size() {
  total_ += size_;
  if (total_ > limit_) {
    state_ = State::TooLarge;
  } else {
    place_ = size_ == 0 ? Place::Trailer : Place::Bytes;
  }
}

// Lines until an empty one.
void ChunkedBody::take_trailer(char c) {
  if (++trailer_ > kMaxHead) {
    state_ = State::Malformed;
  } else if (returned_) {
    if (c != '\n')
      state_ = State::Malformed;
    else if (line_ == 0)
      state_ = State::Complete;
    returned_ = false;
    line_ = 0;
  } else if (c == '\r') {
    returned_ = true;
  } else if (is_control(c) && c != '\t') {
    state_ = State::Malformed;
  } else {
    ++line_;
  }
}

}  // namespace twinlock::http
