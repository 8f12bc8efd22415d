// SPDX-License-Identifier: MIT
#include "tests/unit/domain/transcript.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace twinlock {
namespace {

constexpr Uid kFirstUid = 3000;

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// What the player writes itself, and therefore takes out before it plays.
bool is_outcome(const std::string& word) {
  static constexpr std::array<std::string_view, 8> kOutcomes{
      "ask", "tell", "granted", "exempted", "denied", "exhausted", "unavailable", "log"};
  return std::find(kOutcomes.begin(), kOutcomes.end(), word) != kOutcomes.end();
}

std::chrono::seconds duration(const std::string& text) {
  std::size_t end = 0;
  const std::chrono::seconds::rep number = std::stoll(text, &end);
  const std::string unit = text.substr(end);
  if (unit == "s") return std::chrono::seconds(number);
  if (unit == "min") return std::chrono::minutes(number);
  if (unit == "h") return std::chrono::hours(number);
  if (unit == "d") return std::chrono::days(number);
  throw std::runtime_error("no duration: " + text);
}

// The word after `name`, if there is one.
std::string after(const std::vector<std::string>& words, std::string_view name) {
  const auto found = std::find(words.begin(), words.end(), name);
  return found == words.end() || std::next(found) == words.end() ? "" : *std::next(found);
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string Transcript::play(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto words = words_of(line);
    if (!words.empty() && is_outcome(words.front())) continue;
    output_ += line + '\n';
    if (words.empty() || words.front().front() == '#') continue;
    try {
      run(words);
    } catch (const std::exception& problem) {
      throw std::runtime_error(line + ": " + problem.what());
    }
    show_log();
  }
  return output_;
}

void Transcript::run(const Words& words) {
  const std::string& command = words.front();
  if (command == "user") return add_user(words);
  if (command == "policy" || command == "factor" || command == "uid") return set(words);
  if (command == "exempt") return exempt(words);
  if (command == "begin") return begin(words);
  if (command == "answer") return answer(words);
  if (command == "fail") return fail(words);
  if (command == "again") {
    const Secret same(answer_);
    return show(world_.engine.answer(step_.conversation, previous_, nonce_, same, {}));
  }
  if (command == "cancel") return world_.engine.cancel(step_.conversation, {});
  if (command == "advance") return world_.clock.advance(duration(words.at(1)));
  if (command == "clock") {
    return world_.clock.set_wall(world_.clock.wall() + duration(words.at(1)));
  }
  throw std::runtime_error("no such command");
}

void Transcript::add_user(const Words& words) {
  std::string name = words.at(1);
  if (name.back() == ':') name.pop_back();
  const Uid uid = name == "root" ? 0 : kFirstUid + static_cast<Uid>(users_.size());
  User user{{name, uid}, {}, {}};
  world_.directory.add(user.account);
  for (std::size_t i = 2; i < words.size(); ++i) {
    std::string type = words[i];
    if (type.back() == ',') type.pop_back();
    const auto method = method_type_named(type);
    if (!method) throw std::runtime_error("no authentication method: " + type);
    if (*method == MethodType::RecoveryCode) {
      user.recovery_codes = world_.recovery_codes(user.account);
    } else {
      user.authenticators.emplace(type, world_.enroll(user.account, *method));
    }
  }
  logged_ = world_.log.events().size();  // how they came by them isn't the story
  users_.insert_or_assign(name, std::move(user));
}

void Transcript::set(const Words& words) {
  if (words.front() == "uid") {
    world_.directory.add({words.at(1), static_cast<Uid>(std::stoul(words.at(2)))});
    return;
  }
  if (words.front() == "policy") {
    const auto policy = login_policy_named(words.at(1));
    if (!policy || !world_.memory.set_policy(*policy, {})) throw std::runtime_error("no policy");
    return;
  }
  const auto factor = factor_named(words.at(1));
  if (!factor || !world_.memory.set_factor(*factor, words.at(2) == "on", {})) {
    throw std::runtime_error("no factor");
  }
}

void Transcript::exempt(const Words& words) {
  PolicyRule rule;
  rule.name = words.at(1);
  rule.action = PolicyRule::Action::Exempt;
  if (const auto user = after(words, "user"); !user.empty()) rule.users = {user};
  if (const auto service = after(words, "service"); !service.empty()) rule.services = {service};
  if (const auto text = after(words, "network"); !text.empty()) {
    const auto network = Network::parse(text);
    if (!network) throw std::runtime_error(network.error().detail);
    rule.networks = {*network};
  }
  if (const auto problem = rule_problem(rule)) throw std::runtime_error(*problem);
  settings_.rules.push_back(rule);
  world_.engine.configure(settings_);
}

void Transcript::begin(const Words& words) {
  user_ = after(words, "for");
  auto context = world_.context(user_, after(words, "from"));
  context.service = words.at(1);
  context.local_terminal = has(words, "console");
  context.ruser = after(words, "by");
  context.interactive = !has(words, "nobody");
  step_ = world_.engine.begin(context);
  show(step_);
}

std::string Transcript::typed(const Words& words) {
  const bool is_code_of = words.size() > 3 && words[1] == "code" && words[2] == "of";
  const auto found = users_.find(user_);
  if (is_code_of && found != users_.end()) {
    const auto& credential = found->second.authenticators.at(words[3]);
    return world_.code(credential, words.size() > 4 ? std::stoi(words[4]) : 0);
  }
  if (words.size() > 2 && words[1] == "wrong") {
    for (const auto& [type, credential] : users_.at(user_).authenticators) {
      return world_.wrong_code(credential);
    }
    return "000000";
  }
  if (words.size() > 3 && words[1] == "recovery") {
    return users_.at(user_).recovery_codes.at(std::stoul(words[3]) - 1);
  }
  std::string text;
  for (std::size_t i = 1; i < words.size(); ++i) text += (i > 1 ? " " : "") + words[i];
  return text;
}

void Transcript::answer(const Words& words) {
  answer_ = typed(words);
  previous_ = step_.nonce;
  nonce_ = world_.nonce();
  step_ = world_.engine.answer(step_.conversation, previous_, nonce_, Secret(answer_), {});
  show(step_);
}

void Transcript::fail(const Words& words) {
  const auto& user = users_.at(words.at(2) == "for" ? words.at(3) : user_);
  const auto& credential = user.authenticators.begin()->second;
  world_.fail_in_a_row(user.account, credential, std::stoi(words.at(1)));
  logged_ = world_.log.events().size();
}

std::string Transcript::decided_by(const Step& step) {
  const auto stored = world_.memory.conversation(step.conversation);
  if (!stored || !*stored || !(*stored)->satisfied_by) return "nothing that is stored";
  return std::string(method_type_name(*(*stored)->satisfied_by));
}

void Transcript::show(const Step& step) {
  const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
  for (const auto& message : step.messages) say("tell", quoted(message.text));
  switch (step.kind) {
    case wire::StepKind::PromptHidden:
      return say("ask", quoted(step.text));
    case wire::StepKind::Granted:
      return say("granted", "by " + decided_by(step));
    case wire::StepKind::Exempt:
      return say("exempted", "");
    case wire::StepKind::Denied:
      return say("denied", quoted(step.text));
    case wire::StepKind::Exhausted:
      return say("exhausted", quoted(step.text));
    case wire::StepKind::Unavailable:
      return say("unavailable", quoted(step.text));
    case wire::StepKind::PromptVisible:
    case wire::StepKind::Assert:
    case wire::StepKind::Wait:
      break;
  }
  throw std::runtime_error("a step that no factor here makes");
}

void Transcript::show_log() {
  const auto events = world_.log.events();
  for (; logged_ < events.size(); ++logged_) {
    const auto& event = events[logged_];
    std::string line = std::string(audit_event_name(event.type)) + ' ' + event.user;
    if (event.reason != Reason::None) line += ": " + std::string(reason_name(event.reason));
    if (event.type == AuditEventType::LoginExempt) line += ", " + event.detail;
    say("log", line);
  }
}

void Transcript::say(std::string_view what, const std::string& rest) {
  std::string line(what);
  if (!rest.empty()) line += std::string(what.size() < 6 ? 7 - what.size() : 1, ' ') + rest;
  output_ += line + '\n';
}

}  // namespace twinlock
