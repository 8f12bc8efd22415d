// SPDX-License-Identifier: MIT
#include "pam_module/user.h"

#include <string.h>  // NOLINT(modernize-deprecated-headers): <cstring> has no explicit_bzero

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "common/encoding.h"
#include "common/login_wire.h"

namespace twinlock::pam {
namespace {

// The words with which the daemon's prompt for a code begins, on its last line.
constexpr std::string_view kCodePrompt = "Verification code";

// The reply to one message, which is ours to free (pam_conv(3)); wiped on the way (S19).
struct ResponseWiper {
  void operator()(pam_response* response) const noexcept {
    if (response->resp != nullptr) explicit_bzero(response->resp, strlen(response->resp));
    free(response->resp);
    free(response);
  }
};
using ResponsePtr = std::unique_ptr<pam_response, ResponseWiper>;

// C0, DEL and, as UTF-8 spells them, C1.
bool has_control_characters(std::string_view text) {
  unsigned char before = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (before == 0xc2 && byte >= 0x80 && byte < 0xa0)) return true;
    before = byte;
  }
  return false;
}

bool is_answer(std::string_view text) {
  return !text.empty() && text.size() <= wire::kMaxAnswer && !has_control_characters(text);
}

bool is_password(pam_handle_t* pamh, std::string_view text) {
  const void* password = nullptr;
  static_cast<void>(pam_get_item(pamh, PAM_AUTHTOK, &password));
  return password != nullptr &&
         equal_in_constant_time(bytes_of(static_cast<const char*>(password)), bytes_of(text));
}

}  // namespace

User::User(pam_handle_t* pamh, std::string prompt, bool silent)
    : pamh_(pamh), prompt_(std::move(prompt)), silent_(silent) {}

User::Told User::show(const std::vector<Message>& messages) {
  for (const auto& message : messages) {
    const bool information = message.kind == wire::MessageKind::Information;
    if (information && silent_) continue;
    pam_response* raw = nullptr;
    const bool shown = converse(information ? PAM_TEXT_INFO : PAM_ERROR_MSG, message.text, &raw);
    if (!shown) return Told::No;
    const ResponsePtr response(raw);  // most programs give none
  }
  return Told::Yes;
}

User::Response User::ask(const Step& prompt, Secret& answer) {
  const bool hidden = prompt.kind == wire::StepKind::PromptHidden;
  pam_response* raw = nullptr;
  if (!converse(hidden ? PAM_PROMPT_ECHO_OFF : PAM_PROMPT_ECHO_ON, prompt_text(prompt), &raw)) {
    return Response::None;
  }
  const ResponsePtr response(raw);
  if (response == nullptr || response->resp == nullptr) return Response::None;
  const std::string_view text = response->resp;
  if (!is_answer(text)) return Response::None;
  if (hidden && is_password(pamh_, text)) return Response::Replayed;
  answer = Secret(text);
  return Response::Typed;
}

// Where this fails, a reply is the program's to free, if it made one (pam_conv(3)).
bool User::converse(int style, const std::string& text, pam_response** response) {
  const void* item = nullptr;
  static_cast<void>(pam_get_item(pamh_, PAM_CONV, &item));
  const auto* const conversation = static_cast<const pam_conv*>(item);
  if (conversation == nullptr || conversation->conv == nullptr) return false;

  const pam_message message{style, text.c_str()};
  const pam_message* messages = &message;
  // NOLINTNEXTLINE(google-readability-casting): a call through a pointer, taken for a cast
  return conversation->conv(1, &messages, response, conversation->appdata_ptr) == PAM_SUCCESS;
}

std::string User::prompt_text(const Step& prompt) const {
  if (prompt_.empty() || prompt.kind != wire::StepKind::PromptHidden) return prompt.text;
  const auto line = prompt.text.rfind('\n') + 1;  // 0 where there is one line only
  if (!std::string_view{prompt.text}.substr(line).starts_with(kCodePrompt)) return prompt.text;
  auto text = prompt.text;
  text.replace(line, kCodePrompt.size(), prompt_);
  return text;
}

}  // namespace twinlock::pam
