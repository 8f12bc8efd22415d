// SPDX-License-Identifier: MIT
//
// A JSON body, and a schema with something of everything: what is read can be written and read
// again, and what the schema lets through has the types that it says.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/http/json.h"
#include "daemon/http/schema.h"

namespace {

using namespace twinlock::http;  // NOLINT(google-build-using-namespace): a table of its words

const Schema& schema() {
  static const auto kSchema =
      object({required("enabled", boolean("Whether")),
              optional("name", string().length(1, 20)),
              optional("count", integer().range(-2, 4)),
              optional("share", number().range(0, 1)),
              optional("from", string().or_null()),
              optional("types", array(string().one_of({"sms", "voice"})).size(1, 2).unique()),
              optional("inner", object({}).others(integer()).at_least(1))})
          .tolerate({"id"});
  return kSchema;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto value = parse_json(text);
  if (!value) return 0;
  const auto again = parse_json(json_text(*value));
  if (!again || json_text(*again) != json_text(*value)) abort();

  Request request;
  request.body = text;
  request.headers = {{"Content-Type", "application/json"}};
  const auto body = schema().read(request);
  if (!body) {
    if (body.refusal().status != 400 || body.refusal().body.empty()) abort();
    return 0;
  }
  static_cast<void>(body->at("enabled").get<bool>());
  if (body->contains("count")) static_cast<void>(body->at("count").get<std::int64_t>());
  if (body->contains("name") && body->at("name").get<std::string>().empty()) abort();
  return 0;
}
