// SPDX-License-Identifier: MIT
#include "tests/unit/pam_module/pam_login.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace twinlock::test {

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("can't write " + path.string());
}

PamLogin::PamLogin(const std::string& service, const std::string& user, const std::string& stack) {
  write_file(directory_ / service, stack);
  write_file(directory_ / "other", "auth required pam_deny.so\n");
  conversation_ = {converse_all, this};
  const int started = pam_start_confdir(
      service.c_str(), user.c_str(), &conversation_, directory_.path().c_str(), &handle_);
  if (started != PAM_SUCCESS) throw std::runtime_error("pam_start_confdir failed");
  const auto delay = &note_delay;
  pam_set_item(handle_, PAM_FAIL_DELAY, reinterpret_cast<const void*>(delay));
}

PamLogin::~PamLogin() { pam_end(handle_, PAM_SUCCESS); }

std::vector<std::string> PamLogin::texts(int style) const {
  std::vector<std::string> found;
  for (const auto& each : shown) {
    if (each.style == style) found.push_back(each.text);
  }
  return found;
}

int PamLogin::converse(const pam_message& message, pam_response** reply) {
  shown.push_back({message.msg_style, message.msg});
  if (person) return person(message, reply);
  if (message.msg_style == PAM_TEXT_INFO || message.msg_style == PAM_ERROR_MSG) {
    return PAM_SUCCESS;
  }
  if (answers.empty()) return PAM_CONV_ERR;
  *reply = reply_with(answers.front().c_str());
  answers.pop_front();
  return PAM_SUCCESS;
}

int PamLogin::converse_all(int count,
                           const pam_message** messages,
                           pam_response** replies,
                           void* self) {
  if (count != 1) return PAM_CONV_ERR;
  return static_cast<PamLogin*>(self)->converse(*messages[0], replies);
}

void PamLogin::note_delay(int code, unsigned int microseconds, void* self) {
  if (code != PAM_SUCCESS) static_cast<PamLogin*>(self)->delays.push_back(microseconds);
}

pam_response* reply_with(const char* text) {
  auto* const reply = static_cast<pam_response*>(calloc(1, sizeof(pam_response)));
  if (text != nullptr) reply->resp = strdup(text);
  return reply;
}

}  // namespace twinlock::test
