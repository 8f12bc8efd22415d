// SPDX-License-Identifier: MIT
//
// twinlock admin log: the audit log, newest records first read, oldest first shown.
#include <poll.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "client/commands/commands.h"
#include "client/commands/views.h"
#include "client/text.h"

namespace twinlock::client {
namespace {

using nlohmann::json;

constexpr int kFollowPauseMs = 300;
constexpr std::uint32_t kMaxPage = 1000;

struct Column {
  const char* key;
  std::size_t width;  // as wide as its usual content; a longer one pushes the rest aside
};
constexpr std::array kColumns{Column{"time", 24},
                              Column{"event", 22},
                              Column{"user", 12},
                              Column{"service", 8},
                              Column{"source", 15},
                              Column{"method_type", 13},
                              Column{"result", 8},
                              Column{"reason", 18}};

constexpr std::string_view kNothing = "-";

std::string cell(const json& record, const char* key) {
  const auto value = record.find(key);
  if (value == record.end() || !value->is_string()) return std::string(kNothing);
  auto text = label(value->get<std::string>());
  return text.empty() ? std::string(kNothing) : text;
}

// What changed, or which rule it was, and who did it.
std::string remark(const json& record) {
  const auto detail = cell(record, "detail");
  const auto actor = cell(record, "actor");
  std::string text = detail == kNothing ? "" : detail;
  if (actor != kNothing) text += (text.empty() ? "by " : ", by ") + actor;
  return text;
}

std::string line_of(const json& record) {
  std::string line;
  for (const auto& column : kColumns) line += padded(cell(record, column.key), column.width) + ' ';
  line += remark(record);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

// Shows the records and returns the number of the last one.
Result<std::uint64_t> show(Session& session,
                           const std::vector<std::string>& records,
                           std::uint64_t last) {
  for (const auto& text : records) {
    const auto record = parsed_object(text);
    if (!record) return record.error();
    session.output.json(*record);
    session.output.text(line_of(*record));
    const auto number = record->find("seq");
    if (number == record->end() || !number->is_number_unsigned()) {
      return Error{ErrorCode::Internal, "twinlockd sent an audit record without a number."};
    }
    last = number->get<std::uint64_t>();
  }
  return last;
}

// Whether somebody still reads; false once the reader of a pipe has gone.
bool pause_while_read() {
  pollfd reader{STDOUT_FILENO, 0, 0};
  return poll(&reader, 1, kFollowPauseMs) <= 0;
}

}  // namespace

CommandResult admin_log(Session& session, const AdminLogOptions& options) {
  auto records = session.daemon.read_log(DaemonProxy::kNewest, options.limit, options.user);
  std::uint64_t last = 0;
  while (records) {
    const auto shown = show(session, *records, last);
    if (!shown) return shown.error();
    last = *shown;
    if (!session.output.flush() || !options.follow || !pause_while_read()) return ExitStatus::Done;
    records = session.daemon.read_log(last, kMaxPage, options.user);
  }
  return records.error();
}

CommandResult admin_log_verify(Session& session) {
  const auto check = session.daemon.verify_log();
  if (!check) return check.error();

  const bool is_whole = check->finding.empty();
  session.output.json(
      {{"records", check->records}, {"intact", is_whole}, {"finding", check->finding}});
  session.output.text(std::to_string(check->records) + " records, " +
                      (is_whole ? "chain intact.\n" : label(check->finding) + '\n'));
  return is_whole ? ExitStatus::Done : ExitStatus::Refused;
}

}  // namespace twinlock::client
