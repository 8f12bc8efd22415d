// SPDX-License-Identifier: MIT
//
// twinlock admin log: the audit log, newest records first read, oldest first shown.
#include <poll.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/commands/log_view.h"
#include "client/commands/views.h"
#include "client/text.h"
#include "common/counted.h"

namespace twinlock::client {
namespace {

using nlohmann::json;

constexpr int kFollowPauseMs = 300;
constexpr int kAwayPauseMs = 1000;  // a restart takes about that long
constexpr std::uint32_t kMaxPage = 1000;

// The log as far as it has been shown.
class Reader {
 public:
  Reader(Session& session, const AdminLogOptions& options) : session_(session), options_(options) {}

  Status show_newest() {
    return show(session_.daemon.read_log(DaemonProxy::kNewest, options_.limit, options_.user));
  }
  Status show_further() { return show(session_.daemon.read_log(last_, kMaxPage, options_.user)); }

 private:
  Status show(const Result<std::vector<std::string>>& records) {
    if (!records) return records.error();
    for (const auto& text : *records) {
      const auto record = parsed_object(text);
      if (!record) return record.error();
      session_.output.json(*record);
      session_.output.text(view_.lines_of(*record, session_.terminal.columns()));
      const auto number = record->find("seq");
      if (number == record->end() || !number->is_number_unsigned()) {
        return Error{ErrorCode::Internal, "twinlockd sent an audit record without a number."};
      }
      last_ = number->get<std::uint64_t>();
    }
    return Done{};
  }

  Session& session_;
  const AdminLogOptions& options_;
  LogView view_;
  std::uint64_t last_ = 0;  // the number of the newest record shown
};

// Whether somebody still reads; false once the reader of a pipe has gone.
bool pause_while_read(int milliseconds) {
  pollfd reader{STDOUT_FILENO, 0, 0};
  return poll(&reader, 1, milliseconds) <= 0;
}

// A daemon that is away may come back, and its log with it; a bus that has gone can't: who asks it
// next has to connect anew.
bool may_come_back(const Session& session, const Error& error) {
  return error.code == ErrorCode::Unavailable && session.daemon.is_connected();
}

// Shows what is written until nobody reads any more. A daemon that restarts is waited for.
CommandResult follow(Session& session, Reader& reader) {
  bool is_away = false;
  while (session.output.flush() && pause_while_read(is_away ? kAwayPauseMs : kFollowPauseMs)) {
    const auto shown = reader.show_further();
    if (!shown && !may_come_back(session, shown.error())) return shown.error();
    if (!shown && !is_away) {
      session.output.error("unavailable", "twinlockd is away; trying again until Ctrl-C.");
    }
    is_away = !shown;
  }
  return ExitStatus::Done;
}

}  // namespace

CommandResult admin_log(Session& session, const AdminLogOptions& options) {
  Reader reader(session, options);
  const auto shown = reader.show_newest();
  if (!shown) return shown.error();
  return options.follow ? follow(session, reader) : ExitStatus::Done;
}

CommandResult admin_log_verify(Session& session) {
  const auto check = session.daemon.verify_log();
  if (!check) return check.error();

  const bool is_whole = check->finding.empty();
  session.output.json(
      {{"records", check->records}, {"intact", is_whole}, {"finding", check->finding}});
  session.output.text(counted(static_cast<std::int64_t>(check->records), "record") + ", " +
                      (is_whole ? "chain intact.\n" : label(check->finding) + '\n'));
  return is_whole ? ExitStatus::Done : ExitStatus::Refused;
}

}  // namespace twinlock::client
