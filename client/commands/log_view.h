// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_CLIENT_COMMANDS_LOG_VIEW_H
#define TWINLOCK_CLIENT_COMMANDS_LOG_VIEW_H

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "client/table.h"

namespace twinlock::client {

// Records of the audit log as people read them; remembers what the lines above have said.
class LogView {
 public:
  // The lines for a record that follows the last one.
  //
  // On a terminal of `width` columns: event, user, service, source and reason under a heading, the
  // time of day under a line for each new day, the rest wrapped. The result is not shown, since
  // the event names it. Elsewhere one line a record, with all of it.
  [[nodiscard]] std::string lines_of(const nlohmann::json& record, Width width);

 private:
  enum class Layout { None, Narrow, Wide };

  [[nodiscard]] std::string for_terminal(const nlohmann::json& record, std::size_t width);

  Layout heading_ = Layout::None;  // the one said last
  std::string day_;
};

}  // namespace twinlock::client

#endif
