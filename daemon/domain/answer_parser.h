// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_DOMAIN_ANSWER_PARSER_H
#define TWINLOCK_DAEMON_DOMAIN_ANSWER_PARSER_H

#include "common/secret.h"

namespace twinlock {

// What somebody typed at the one prompt that takes every kind of answer, told apart by its form.
struct ParsedAnswer {
  enum class Form {
    ShortCode,     // 6 or 8 digits, spaces between them ignored
    RecoveryCode,  // 24 letters and digits, in the stored form
    Unknown,
  };

  Form form = Form::Unknown;
  Secret text;  // without what is ignored; empty if Unknown
};

// Total: every answer has a form.
[[nodiscard]] ParsedAnswer parse_answer(const Secret& answer);

}  // namespace twinlock

#endif
