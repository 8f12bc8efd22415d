// SPDX-License-Identifier: MIT
#include "daemon/http/tls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "common/descriptor.h"
#include "common/secret.h"

namespace twinlock::http {
namespace {

constexpr std::size_t kMaxFileBytes = 256 * 1024;
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";  // of TLS 1.2
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr std::string_view kProtocol = "\x08http/1.1";  // RFC 7301's form

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

Error problem(const char* what, const std::string& file, const std::string& why) {
  return {ErrorCode::InvalidInput, std::string(what) + " " + file + ": " + why};
}

// Why the last call of OpenSSL failed, in its words; its queue is empty afterwards.
std::string openssl_reason() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "no reason given" : reason;
}

bool is_credential(const std::string& file) {
  const char* directory = secure_getenv("CREDENTIALS_DIRECTORY");
  return directory != nullptr && file.starts_with(std::string(directory) + "/");
}

Status check_key_access(const std::string& file, const struct stat& status) {
  if (status.st_uid != 0 && status.st_uid != geteuid()) {
    return problem("key",
                   file,
                   "belongs to uid " + std::to_string(status.st_uid) +
                       "; make root or the user of twinlockd its owner (chown)");
  }
  const mode_t allowed = is_credential(file) ? S_IRWXU | S_IRGRP : S_IRWXU;
  if ((status.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO) & ~allowed) != 0) {
    return problem("key",
                   file,
                   "others than its owner may read or write it; run: chmod 0400 " + file +
                       ", and get a certificate for a new key, since this one may be known");
  }
  return Done{};
}

Result<Secret> read_file(const char* what, const std::string& file, bool is_key) {
  const Descriptor in(open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (in.get() < 0) {
    return Error{ErrorCode::Unavailable,
                 std::string(what) + " " + file + ": " +
                     std::error_code(errno, std::generic_category()).message()};
  }
  struct stat status {};
  if (fstat(in.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return problem(what, file, "is not a regular file");
  }
  if (is_key) {
    if (const auto checked = check_key_access(file, status); !checked) return checked.error();
  }
  if (status.st_size <= 0 || static_cast<std::size_t>(status.st_size) > kMaxFileBytes) {
    return problem(what, file, "is empty or longer than 256 KiB");
  }
  Secret content(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  while (filled < content.bytes().size()) {
    const auto rest = content.bytes().subspan(filled);
    const auto got = read(in.get(), rest.data(), rest.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return problem(what, file, "changed while it was read");
    filled += static_cast<std::size_t>(got);
  }
  return content;
}

Bio memory_of(const Secret& content) {
  return Bio(BIO_new_mem_buf(content.bytes().data(), static_cast<int>(content.bytes().size())));
}

// Nobody is there to type one.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*context*/) { return -1; }

Result<WallTime> expiry_of(const X509& leaf, const std::string& file) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&leaf), &parts) != 1) {
    return problem("certificate", file, "has no date of expiry");
  }
  return WallTime(std::chrono::seconds(timegm(&parts)));
}

Result<WallTime> use_chain(SSL_CTX& context, const std::string& file) {
  const auto content = read_file("certificate", file, false);
  if (!content) return content.error();
  const auto in = memory_of(*content);
  const Certificate leaf(PEM_read_bio_X509(in.get(), nullptr, no_passphrase, nullptr));
  if (!leaf) return problem("certificate", file, "no certificate in PEM: " + openssl_reason());
  if (SSL_CTX_use_certificate(&context, leaf.get()) != 1) {
    return problem("certificate", file, openssl_reason());
  }
  while (Certificate next{PEM_read_bio_X509(in.get(), nullptr, no_passphrase, nullptr)}) {
    if (SSL_CTX_add1_chain_cert(&context, next.get()) != 1) {
      return problem("certificate", file, openssl_reason());
    }
  }
  ERR_clear_error();  // that the file ended
  return expiry_of(*leaf, file);
}

Status use_key(SSL_CTX& context, const std::string& file) {
  const auto content = read_file("key", file, true);
  if (!content) return content.error();
  const auto in = memory_of(*content);
  const PrivateKey key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
  if (!key) {
    return problem("key", file, "no key in PEM without a passphrase: " + openssl_reason());
  }
  if (SSL_CTX_use_PrivateKey(&context, key.get()) != 1 ||
      SSL_CTX_check_private_key(&context) != 1) {
    return problem("key", file, "isn't the certificate's: " + openssl_reason());
  }
  return Done{};
}

int choose_protocol(SSL* /*ssl*/,
                    const unsigned char** chosen,
                    unsigned char* chosen_size,
                    const unsigned char* offered,
                    unsigned int offered_size,
                    void* /*context*/) {
  unsigned char* found = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(kProtocol.data());
  const int outcome = SSL_select_next_proto(
      &found, chosen_size, ours, static_cast<unsigned>(kProtocol.size()), offered, offered_size);
  if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

bool configure(SSL_CTX& context) {
  SSL_CTX_set_options(&context,
                      SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                          SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A worker may go on with a write that the loop began, from another buffer.
  SSL_CTX_set_mode(&context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                       SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(&context, choose_protocol, nullptr);
  SSL_CTX_set_read_ahead(&context, 1);  // one call of the kernel for a record, not two
  return SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_num_tickets(&context, 0) == 1 &&
         SSL_CTX_set_cipher_list(&context, kCiphers) == 1 &&
         SSL_CTX_set1_groups_list(&context, kGroups) == 1;
}

}  // namespace

Result<TlsContext> load_tls(const std::string& certificate, const std::string& key) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context || !configure(*context)) {
    return Error{ErrorCode::Internal, "TLS can't be set up: " + openssl_reason()};
  }
  const auto expires = use_chain(*context, certificate);
  if (!expires) return expires.error();
  if (const auto used = use_key(*context, key); !used) return used.error();
  return TlsContext{std::move(context), *expires};
}

Status TlsIdentity::load(const std::string& certificate,
                         const std::string& key,
                         std::optional<WallTime> now) {
  auto fresh = load_tls(certificate, key);
  if (!fresh) return fresh.error();
  {
    const std::scoped_lock lock(mutex_);
    current_ = *std::move(fresh);
    warned_.reset();
  }
  if (now) watch(*now);
  return Done{};
}

std::shared_ptr<SSL_CTX> TlsIdentity::context() const {
  const std::scoped_lock lock(mutex_);
  return current_.context;
}

void TlsIdentity::watch(WallTime now) {
  WallTime expires;
  {
    const std::scoped_lock lock(mutex_);
    const bool is_due = !warned_ || now - *warned_ >= std::chrono::days(1);
    if (!current_.context || !is_due || current_.expires - now >= kExpiryNotice) return;
    warned_ = now;
    expires = current_.expires;
  }
  const bool is_over = expires <= now;
  log_.problem(is_over ? Severity::Alert : Severity::Warning,
               "certificate",
               std::string(is_over ? "it expired on " : "it expires on ") + utc_text(expires) +
                   "; put a new one in its place and reload twinlockd");
}

}  // namespace twinlock::http
