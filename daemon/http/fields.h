// SPDX-License-Identifier: MIT
#ifndef TWINLOCK_DAEMON_HTTP_FIELDS_H
#define TWINLOCK_DAEMON_HTTP_FIELDS_H

#include <string>
#include <vector>

#include "daemon/http/json.h"
#include "daemon/http/message.h"
#include "daemon/http/parsed.h"

namespace twinlock::http {

// `fields=a,b` of a query, and whether `include_fields` says that these are meant (the default) or
// all others. No names: everything.
struct Selection {
  std::vector<std::string> names;
  bool includes = true;
};

[[nodiscard]] Parsed<Selection> selection_of(const Request& request);

// Of an object, the members that are meant; "a.b" means the member b of a.
[[nodiscard]] Json selected(const Json& object, const Selection& selection);

}  // namespace twinlock::http

#endif
