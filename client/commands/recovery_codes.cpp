// SPDX-License-Identifier: MIT
//
// twinlock recovery-codes: makes a new set; the old one ends.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "client/commands/commands.h"
#include "client/commands/views.h"
#include "client/conversation.h"
#include "client/text.h"
#include "common/counted.h"

namespace twinlock::client {
namespace {

std::string errno_text() { return std::error_code(errno, std::generic_category()).message(); }

// A file of our own making, for its owner alone (S157). Made before the codes are, so that a
// directory that can't be written doesn't cost the old set; removed again unless it was filled.
class SecretFile {
 public:
  static Result<SecretFile> create(const std::string& path) {
    const int descriptor =
        open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
      return Error{ErrorCode::InvalidInput, "Cannot create " + path + ": " + errno_text()};
    }
    return SecretFile(path, descriptor);
  }
  SecretFile(SecretFile&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;
  SecretFile& operator=(SecretFile&&) = delete;
  ~SecretFile() {
    if (descriptor_ < 0) return;
    close(descriptor_);
    unlink(path_.c_str());
  }

  // Writes all of it to the disk, or leaves no file.
  Status fill(std::string_view text) {
    while (!text.empty()) {
      const auto written = write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed();
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (fsync(descriptor_) != 0 && errno != EINVAL) return failed();
    close(std::exchange(descriptor_, -1));
    return Done{};
  }

 private:
  SecretFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  [[nodiscard]] Error failed() const {
    return Error{ErrorCode::Unavailable,
                 "Cannot write " + path_ + " (" + errno_text() +
                     "); the new codes are lost: run the command again."};
  }

  std::string path_;
  int descriptor_;
};

Result<Consent> consent_to_replace(Session& session,
                                   Account& account,
                                   const RecoveryCodesOptions& options) {
  if (options.user.empty()) return Consent::Given;  // one's own: proof is asked for
  const auto methods = account.methods();
  if (!methods) return methods.error();
  const bool is_replaced = std::any_of(
      methods->begin(), methods->end(), [](const Method& m) { return m.type == "recovery-code"; });
  if (!is_replaced) return Consent::Given;
  return consent(
      session, options.yes, "Replace the recovery codes of " + label(options.user) + "?");
}

// Off, the factor keeps codes from being offered, and nobody who has some from using them.
Status remark_on_factor(Session& session, Account& account) {
  if (session.output.is_json()) return Done{};
  const auto factor = factor_switch(account, "recovery-code");
  if (!factor) return factor.error();
  if (*factor == Switched::Off) {
    session.output.note(
        "The factor recovery-code is switched off, so nobody is offered such codes. "
        "A login accepts them all the same.");
  }
  return Done{};
}

CommandResult tell(Session& session,
                   std::optional<SecretFile>& file,
                   const std::string& path,
                   const std::vector<std::string>& codes) {
  if (!file) {
    show_recovery_codes(session, codes);
    return ExitStatus::Done;
  }
  std::string text;
  for (const auto& code : codes) text += code + '\n';
  const auto written = file->fill(text);
  if (!written) return written.error();
  session.output.json({{"file", path}, {"count", codes.size()}});
  session.output.text("Wrote " + counted(static_cast<std::int64_t>(codes.size()), "code") + " to " +
                      label(path) + ".\n");
  return ExitStatus::Done;
}

}  // namespace

CommandResult recovery_codes(Session& session, const RecoveryCodesOptions& options) {
  const bool goes_to_file = !options.file.empty();
  if (const auto may = may_print_secret(session, options.print_secrets || goes_to_file); !may) {
    return may.error();
  }
  const auto account = session.daemon.account(options.user);
  const auto given = consent_to_replace(session, *account, options);
  if (!given) return given.error();
  if (*given == Consent::Withheld) return ExitStatus::Refused;

  std::optional<SecretFile> file;
  if (goes_to_file) {
    auto created = SecretFile::create(options.file);
    if (!created) return created.error();
    file.emplace(*std::move(created));
  }
  if (const auto said = remark_on_factor(session, *account); !said) return said.error();
  Proof proof(session);
  const auto codes =
      proof.with_proof([&](const std::string& id) { return account->make_recovery_codes(id); });
  if (!codes) return codes.error();
  if (!*codes) return ExitStatus::Refused;
  return tell(session, file, options.file, **codes);
}

}  // namespace twinlock::client
