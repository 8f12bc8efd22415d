// SPDX-License-Identifier: MIT
#include "daemon/http/code_settings.h"

#include "daemon/http/setting_fields.h"

namespace twinlock::http {

const Schema& code_settings_schema() {
  static const Schema schema =
      object({required("otp_length", integer("Length of the code").range(4, 10)),
              required("otp_expiration_time", integer("Seconds it counts for").range(30, 3600))});
  return schema;
}

Json code_settings_view(const SettingFields& fields) {
  Json defaults{{"otp_length", 6}, {"otp_expiration_time", 300}};
  defaults.update(view(fields, {}, ProviderSecrets::Masked));
  return defaults;
}

}  // namespace twinlock::http
