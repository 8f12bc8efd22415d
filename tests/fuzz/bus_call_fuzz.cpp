// SPDX-License-Identifier: MIT
//
// Calls as the daemon takes them from the bus (S38, S43, S150), on the whole domain over fakes. The
// input is text: a call a line, its arguments between tabs, those left out empty. @code stands for
// alice's present code, @id for her authenticator, and @conversation and @nonce for those of the
// step before, so that a mutation still reaches what lies behind a right handle.
//
// Whatever is called: an error is one of the fixed list and never Internal, what goes back on the
// wire is within its limits, and nobody is let in who didn't give the code.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "common/encoding.h"
#include "common/login_wire.h"
#include "daemon/dbus/errors.h"
#include "daemon/dbus/views.h"
#include "daemon/dbus/wire_step.h"
#include "tests/unit/domain/login_world.h"

namespace {

namespace dbus = twinlock::dbus;
namespace wire = twinlock::wire;

constexpr std::size_t kMostCalls = 6;

void demand(bool holds) {
  if (!holds) std::abort();
}

void demand_harmless(const std::string& text, std::size_t limit) {
  demand(text.size() <= limit && text == twinlock::printable(text, limit, true));
}

void demand_listed(const twinlock::Error& error) {
  demand(error.code != twinlock::ErrorCode::Internal);
  const auto told = dbus::bus_error(error, "1-1");
  demand(told.name.starts_with("org.twinlock.Error."));
  demand_harmless(told.text, wire::kMaxMessage);
}

dbus::Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// The domain with alice's authenticator.
struct Enrolled {
  twinlock::LoginWorld world;
  twinlock::OtpCredential credential = world.enroll(world.alice);
};

// One caller at a time, with what it knows.
class Session {
 public:
  void call(const std::string& line) {
    fields_.clear();
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, '\t');) fields_.push_back(meant(field));
    const auto method = field(0);
    if (method == "Begin") begin();
    if (method == "Answer") answer();
    if (method == "Cancel") cancel();
    if (method == "EnrollOtp") enroll();
    if (method == "ConfirmOtp") confirm();
    if (method == "RenameMethod") rename();
    if (method == "RemoveMethod") remove();
    if (method == "MakeRecoveryCodes") make_recovery_codes();
  }

 private:
  // Made when something gets that far: most calls of a fuzzer don't.
  [[nodiscard]] Enrolled& enrolled() {
    if (!enrolled_) enrolled_ = std::make_unique<Enrolled>();
    return *enrolled_;
  }
  [[nodiscard]] twinlock::LoginWorld& world() { return enrolled().world; }

  [[nodiscard]] std::string meant(const std::string& field) {
    if (field == "@code") return world().code(enrolled().credential);
    if (field == "@id") return twinlock::to_text(enrolled().credential.id);
    if (field == "@conversation") return conversation_;
    if (field == "@nonce") return nonce_;
    return field;
  }
  [[nodiscard]] std::string field(std::size_t index) const {
    return index < fields_.size() ? fields_[index] : "";
  }
  [[nodiscard]] std::uint32_t number(std::size_t index) const {
    return static_cast<std::uint32_t>(std::strtoul(field(index).c_str(), nullptr, 10));
  }

  void begin() {
    const auto context = dbus::parse_begin({bytes_of(field(1)),
                                            field(2),
                                            field(3),
                                            field(4),
                                            field(5),
                                            field(6),
                                            field(7),
                                            field(8),
                                            number(9)});
    if (!context) return demand_listed(context.error());
    take(world().engine.begin(*context), false);
  }

  void answer() {
    const auto said = field(4);
    const dbus::AnswerArguments arguments{
        field(1), bytes_of(field(2)), bytes_of(field(3)), twinlock::Secret(std::string_view{said})};
    const auto parsed = dbus::parse_answer(arguments);
    if (!parsed) return demand_listed(parsed.error());
    // A lost reply that is asked for again is granted again, whatever is said then (S41).
    may_be_granted_ = may_be_granted_ || is_right(said);
    take(world().engine.answer(
             parsed->conversation, parsed->previous, parsed->nonce, arguments.answer, {}),
         may_be_granted_);
  }

  void cancel() {
    const auto id = dbus::parse_conversation(field(1));
    if (!id) return demand_listed(id.error());
    world().engine.cancel(*id, {});
  }

  void enroll() {
    const auto request = dbus::parse_otp({field(1), field(2), field(3), number(4), number(5)});
    if (!request) return demand_listed(request.error());
    const auto made = world().enrollment.enroll_otp(world().bob, *request, world().administrator);
    if (!made) return demand_listed(made.error());
    demand(static_cast<bool>(dbus::parse_method_id(twinlock::to_text(made->id))));
  }

  void confirm() {
    const auto id = dbus::parse_method_id(field(1));
    if (!id) return demand_listed(id.error());
    const auto code = field(2);
    const auto confirmed = world().enrollment.confirm_otp(
        world().alice, *id, twinlock::Secret(std::string_view{code}), world().self);
    if (!confirmed) demand_listed(confirmed.error());
  }

  void rename() {
    const auto id = dbus::parse_method_id(field(1));
    if (!id) return demand_listed(id.error());
    const auto renamed =
        world().enrollment.rename(world().alice, *id, field(2), world().administrator);
    if (!renamed) demand_listed(renamed.error());
  }

  // As the user itself, which has given no proof.
  void remove() {
    const auto id = dbus::parse_method_id(field(1));
    if (!id) return demand_listed(id.error());
    const auto removed = world().enrollment.remove(world().alice, *id, world().self);
    demand(!removed);
    demand_listed(removed.error());
  }

  void make_recovery_codes() {
    const auto codes = world().enrollment.make_recovery_codes(world().alice, world().administrator);
    if (!codes) return demand_listed(codes.error());
    recovery_codes_ = *codes;
  }

  [[nodiscard]] bool is_right(const std::string& said) {
    for (int step = -1; step <= 1; ++step) {
      if (said.find(world().code(enrolled().credential, step)) != std::string::npos) return true;
    }
    return !recovery_codes_.empty() && said.size() >= 24;
  }

  void take(const twinlock::Step& step, bool may_be_granted) {
    demand(may_be_granted ||
           (step.kind != wire::StepKind::Granted && step.kind != wire::StepKind::Exempt));
    const auto sent = std::get<0>(dbus::to_wire(step));
    demand(wire::step_kind(std::get<4>(sent)).has_value());
    demand(std::get<3>(sent).size() <= wire::kMaxMessages);
    demand_harmless(std::get<5>(sent), wire::kMaxPrompt);
    conversation_ = std::get<1>(sent);
    nonce_.assign(step.nonce.begin(), step.nonce.end());
  }

  std::unique_ptr<Enrolled> enrolled_;
  std::vector<std::string> fields_;
  std::vector<std::string> recovery_codes_;
  std::string conversation_;
  std::string nonce_;
  bool may_be_granted_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Session session;
  std::istringstream calls(std::string(reinterpret_cast<const char*>(bytes), size));
  std::string line;
  for (std::size_t n = 0; n < kMostCalls && std::getline(calls, line); ++n) session.call(line);
  return 0;
}
