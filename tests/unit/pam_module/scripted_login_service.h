// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_TESTS_UNIT_PAM_MODULE_SCRIPTED_LOGIN_SERVICE_H
#define TWINLOCK_TESTS_UNIT_PAM_MODULE_SCRIPTED_LOGIN_SERVICE_H

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pam_module/login_service.h"

namespace twinlock::test {

// A daemon that says what the test wrote down, and remembers what it was told.
class ScriptedLoginService final : public pam::LoginService {
 public:
  using Line = std::function<Result<pam::Step>()>;

  explicit ScriptedLoginService(std::deque<Line> script) : script_(std::move(script)) {}

  Result<pam::Step> begin(const pam::LoginContext& context) override {
    contexts.push_back(context);
    return next();
  }
  Result<pam::Step> answer(const Secret& answer) override {
    answers.emplace_back(answer.text());
    return next();
  }
  void cancel() override { ++cancelled; }

  std::vector<pam::LoginContext> contexts;
  std::vector<std::string> answers;
  int cancelled = 0;

 private:
  Result<pam::Step> next() {
    if (script_.empty()) return Error{ErrorCode::Internal, "the script is over"};
    const auto line = std::move(script_.front());
    script_.pop_front();
    return line();
  }

  std::deque<Line> script_;
};

// Lines of a script.
inline ScriptedLoginService::Line says(pam::Step step) {
  return [step = std::move(step)]() -> Result<pam::Step> { return step; };
}

inline ScriptedLoginService::Line says(wire::StepKind kind, std::string text = {}) {
  return says(pam::Step{{}, kind, std::move(text), {}});
}

inline ScriptedLoginService::Line fails_with(ErrorCode code) {
  return [code]() -> Result<pam::Step> { return Error{code, "as the script has it"}; };
}

}  // namespace twinlock::test

#endif
