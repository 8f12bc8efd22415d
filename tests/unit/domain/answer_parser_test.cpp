// SPDX-License-Identifier: MIT
#include "daemon/domain/answer_parser.h"

#include <gtest/gtest.h>

#include <string>

namespace twinlock {
namespace {

using Form = ParsedAnswer::Form;

struct Answer {
  std::string typed;
  Form form;
  std::string text;
};

class AnswerParserTest : public testing::TestWithParam<Answer> {};

TEST_P(AnswerParserTest, TellsTheFormAndDropsWhatIsIgnored) {
  const auto parsed = parse_answer(Secret(GetParam().typed));
  EXPECT_EQ(parsed.form, GetParam().form) << GetParam().typed;
  EXPECT_EQ(parsed.text.text(), GetParam().text);
}

const std::string kStored = "KJ7P2M4X9ZQ1RTW0ABCDEFGH";

INSTANTIATE_TEST_SUITE_P(
    Forms,
    AnswerParserTest,
    testing::Values(Answer{"123456", Form::ShortCode, "123456"},
                    Answer{"123 456", Form::ShortCode, "123456"},
                    Answer{" 123456 ", Form::ShortCode, "123456"},
                    Answer{"12345678", Form::ShortCode, "12345678"},
                    Answer{"1234 5678", Form::ShortCode, "12345678"},
                    Answer{"KJ7P-2M4X-9ZQ1-RTW0-ABCD-EFGH", Form::RecoveryCode, kStored},
                    Answer{"kj7p 2m4x 9zqi rtwo abcd efgh", Form::RecoveryCode, kStored},
                    Answer{kStored, Form::RecoveryCode, kStored},
                    // All digits, and still no short code: its length tells.
                    Answer{std::string(24, '7'), Form::RecoveryCode, std::string(24, '7')}));

INSTANTIATE_TEST_SUITE_P(
    NoForm,
    AnswerParserTest,
    testing::Values(Answer{"", Form::Unknown, ""},
                    Answer{" ", Form::Unknown, ""},
                    Answer{"12345", Form::Unknown, ""},
                    Answer{"1234567", Form::Unknown, ""},
                    Answer{"123456789", Form::Unknown, ""},
                    Answer{"12345a", Form::Unknown, ""},
                    Answer{"123-456", Form::Unknown, ""},
                    Answer{"123456\n", Form::Unknown, ""},
                    Answer{std::string("123456\0", 7), Form::Unknown, ""},
                    Answer{"\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5\xd9\xa6", Form::Unknown, ""},
                    Answer{"hunter2", Form::Unknown, ""},
                    Answer{"KJ7P-2M4X-9ZQ1-RTW0-ABCD-EFG", Form::Unknown, ""},
                    Answer{"KJ7P-2M4X-9ZQ1-RTW0-ABCD-EFGHJ", Form::Unknown, ""},
                    Answer{"KJ7P-2M4X-9ZQU-RTW0-ABCD-EFGH", Form::Unknown, ""},
                    Answer{std::string(100'000, '1'), Form::Unknown, ""}));

}  // namespace
}  // namespace twinlock
