// SPDX-License-Identifier: MIT
//
// What somebody typed at the prompt (S150): every answer has a form, and the form is what it says.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "daemon/domain/answer_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto parsed = twinlock::parse_answer(twinlock::Secret(std::span(bytes, size)));
  const auto length = parsed.text.size();
  switch (parsed.form) {
    case twinlock::ParsedAnswer::Form::ShortCode:
      if (length != 6 && length != 8) std::abort();
      break;
    case twinlock::ParsedAnswer::Form::RecoveryCode:
      if (length != 24) std::abort();
      break;
    case twinlock::ParsedAnswer::Form::Unknown:
      if (length != 0) std::abort();
      break;
  }
  return 0;
}
