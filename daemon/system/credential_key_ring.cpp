// SPDX-License-Identifier: MIT
#include "daemon/system/credential_key_ring.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <shared_mutex>
#include <stdexcept>

#include "daemon/system/key_file.h"
#include "daemon/system/locked_bytes.h"

namespace twinlock {
namespace {

constexpr std::chrono::seconds kBetweenLooks{1};

constexpr std::uint8_t kSealVersion = 1;
constexpr std::size_t kHeaderSize = 3;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kSubkeySize = 32;
constexpr std::uint64_t kMaxSealings = std::uint64_t{1} << 30;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
template <typename T, auto Free>
using Handle = std::unique_ptr<T, Deleter<Free>>;

Error openssl_failed(std::string_view what) {
  return {ErrorCode::Internal, "OpenSSL failed: " + std::string(what)};
}

using Hmac = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;

Hmac new_hmac() {
  const Handle<EVP_MAC, EVP_MAC_free> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  Hmac made(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  std::array<char, 7> digest{"SHA256"};
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  if (made && EVP_MAC_CTX_set_params(made.get(), parameters.data()) != 1) made.reset();
  return made;
}

// A subkey, and contexts that have taken it in: fetching the algorithm costs more than using it,
// and hashing the key half of the rest. They hold what the key has become, so they go with it: none
// outlives a reload that dropped the key by more than the call that uses it. Any thread.
class Subkey {
 public:
  explicit Subkey(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] const std::uint8_t* data() const { return bytes_.data(); }

  // Nothing if OpenSSL fails.
  std::optional<std::array<std::uint8_t, 32>> hmac(std::span<const std::uint8_t> data) {
    Hmac context = take();
    std::array<std::uint8_t, 32> digest{};
    std::size_t size = 0;
    const bool done = context && EVP_MAC_update(context.get(), data.data(), data.size()) == 1 &&
                      EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) == 1 &&
                      size == digest.size();
    if (!done) return std::nullopt;
    give_back(std::move(context));
    return digest;
  }

 private:
  static constexpr std::size_t kMostIdle = 4;

  // One that is ready for data.
  Hmac take() {
    Hmac context;
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        context = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    const bool has_key = context != nullptr;
    if (!has_key) context = new_hmac();
    const bool ready =
        context &&
        (has_key ? EVP_MAC_init(context.get(), nullptr, 0, nullptr)
                 : EVP_MAC_init(context.get(), bytes_.data(), bytes_.size(), nullptr)) == 1;
    if (!ready) context.reset();
    return context;
  }
  void give_back(Hmac context) {
    const std::scoped_lock lock(mutex_);
    if (idle_.size() < kMostIdle) idle_.push_back(std::move(context));
  }

  const std::span<const std::uint8_t> bytes_;
  std::mutex mutex_;
  std::vector<Hmac> idle_;
};

EVP_CIPHER_CTX* thread_gcm() {
  thread_local const Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context = [] {
    const Handle<EVP_CIPHER, EVP_CIPHER_free> cipher(
        EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
    EVP_CIPHER_CTX* made = cipher ? EVP_CIPHER_CTX_new() : nullptr;
    if (made != nullptr &&
        EVP_CipherInit_ex2(made, cipher.get(), nullptr, nullptr, 1, nullptr) != 1) {
      EVP_CIPHER_CTX_free(made);
      made = nullptr;
    }
    return Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>(made);
  }();
  return context.get();
}

int size_of(std::span<const std::uint8_t> bytes) { return static_cast<int>(bytes.size()); }

bool derive(std::span<const std::uint8_t> master,
            std::string_view purpose,
            std::span<std::uint8_t> subkey) {
  const Handle<EVP_KDF, EVP_KDF_free> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  if (!kdf) return false;
  const Handle<EVP_KDF_CTX, EVP_KDF_CTX_free> context(EVP_KDF_CTX_new(kdf.get()));
  if (!context) return false;
  std::array<char, 7> digest{"SHA256"};
  std::string info = "twinlock " + std::string(purpose);
  // The parameters take pointers to what they only read.
  auto* key = const_cast<std::uint8_t*>(master.data());
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key, master.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  return EVP_KDF_derive(context.get(), subkey.data(), subkey.size(), parameters.data()) == 1;
}

bool add_bound_data(EVP_CIPHER_CTX* context,
                    std::span<const std::uint8_t> header,
                    std::span<const std::uint8_t> binding) {
  int size = 0;
  return EVP_CipherUpdate(context, nullptr, &size, header.data(), size_of(header)) == 1 &&
         EVP_CipherUpdate(context, nullptr, &size, binding.data(), size_of(binding)) == 1;
}

}  // namespace

class CredentialKeyRing::Table {
 public:
  explicit Table(MasterKeys masters) : masters_(std::move(masters)) {}

  [[nodiscard]] KeyId current() const { return masters_.ids.back(); }
  [[nodiscard]] std::vector<KeyId> ids() const {
    return {masters_.ids.rbegin(), masters_.ids.rend()};
  }
  [[nodiscard]] bool has(KeyId id) const {
    return std::binary_search(masters_.ids.begin(), masters_.ids.end(), id);
  }
  // Whether a key that both have is one and the same.
  [[nodiscard]] bool has_same(KeyId id, const Table& other) const {
    const auto mine = masters_.key(index_of(id));
    const auto theirs = other.masters_.key(other.index_of(id));
    return CRYPTO_memcmp(mine.data(), theirs.data(), kMasterKeySize) == 0;
  }
  // Its keys, and those of `older` that it hasn't.
  [[nodiscard]] MasterKeys together_with(const Table& older) const {
    MasterKeys all;
    std::set_union(masters_.ids.begin(),
                   masters_.ids.end(),
                   older.masters_.ids.begin(),
                   older.masters_.ids.end(),
                   std::back_inserter(all.ids));
    all.bytes = LockedBytes(all.ids.size() * kMasterKeySize);
    for (std::size_t i = 0; i < all.ids.size(); ++i) {
      const auto& owner = has(all.ids[i]) ? *this : older;
      const auto key = owner.masters_.key(owner.index_of(all.ids[i]));
      std::copy(key.begin(), key.end(), all.bytes.bytes().subspan(i * kMasterKeySize).begin());
    }
    return all;
  }
  [[nodiscard]] bool is_locked() const { return masters_.bytes.is_locked(); }

  // Valid as long as the table. Unavailable if the key isn't here.
  Result<Subkey*> subkey(KeyId id, std::string_view purpose) {
    {
      const std::shared_lock lock(mutex_);
      const auto found = subkeys_.find(Name{id, purpose});
      if (found != subkeys_.end()) return &found->second;
    }
    return make_subkey(id, purpose);
  }

 private:
  struct Name {
    KeyId id;
    std::string_view purpose;
  };
  struct NameOrder {
    using is_transparent = void;
    static std::pair<KeyId, std::string_view> view(const Name& name) {
      return {name.id, name.purpose};
    }
    static std::pair<KeyId, std::string_view> view(const std::pair<KeyId, std::string>& name) {
      return {name.first, name.second};
    }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return view(a) < view(b);
    }
  };

  // Of a key that is here.
  [[nodiscard]] std::size_t index_of(KeyId id) const {
    const auto found = std::lower_bound(masters_.ids.begin(), masters_.ids.end(), id);
    return static_cast<std::size_t>(found - masters_.ids.begin());
  }

  Result<Subkey*> make_subkey(KeyId id, std::string_view purpose) {
    if (!has(id)) {
      return Error{ErrorCode::Unavailable,
                   "master key " + std::to_string(id) + " is not in the key file"};
    }
    const std::unique_lock lock(mutex_);
    if (const auto found = subkeys_.find(Name{id, purpose}); found != subkeys_.end()) {
      return &found->second;
    }
    if (slabs_.empty() || used_ + kSubkeySize > slabs_.back().bytes().size()) {
      slabs_.emplace_back(kSlabSize);
      used_ = 0;
    }
    const auto slot = slabs_.back().bytes().subspan(used_, kSubkeySize);
    if (!derive(masters_.key(index_of(id)), purpose, slot)) return openssl_failed("HKDF");
    used_ += kSubkeySize;
    return &subkeys_.try_emplace(std::pair(id, std::string(purpose)), slot).first->second;
  }

  static constexpr std::size_t kSlabSize = 4096;  // a page: 128 subkeys

  const MasterKeys masters_;
  std::shared_mutex mutex_;
  std::vector<LockedBytes> slabs_;
  std::map<std::pair<KeyId, std::string>, Subkey, NameOrder> subkeys_;
  std::size_t used_ = 0;
};

Result<std::unique_ptr<CredentialKeyRing>> CredentialKeyRing::open(std::string path, Warning warn) {
  auto keys = read_key_file(path);
  if (!keys) return keys.error();
  auto table = std::make_shared<Table>(*std::move(keys));
  if (!table->is_locked() && warn) {
    warn("master keys can't be locked in memory and may be written to swap; raise LimitMEMLOCK");
  }
  return std::unique_ptr<CredentialKeyRing>(
      new CredentialKeyRing(std::move(path), std::move(warn), std::move(table)));
}

CredentialKeyRing::CredentialKeyRing(std::string path, Warning warn, std::shared_ptr<Table> table)
    : path_(std::move(path)), warn_(std::move(warn)), table_(std::move(table)) {}

std::shared_ptr<CredentialKeyRing::Table> CredentialKeyRing::table() {
  const std::scoped_lock lock(mutex_);
  return table_;
}

std::shared_ptr<CredentialKeyRing::Table> CredentialKeyRing::table_with(KeyId id) {
  auto keys = table();
  if (keys->has(id)) return keys;
  look_again(id);
  return table();
}

void CredentialKeyRing::look_again(KeyId missing) {
  const std::scoped_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (table_->has(missing) || (looked_again_ && now - *looked_again_ < kBetweenLooks)) return;
  looked_again_ = now;
  auto keys = read_key_file(path_);
  if (!keys) return;
  const Table fresh(*std::move(keys));
  const auto ours = table_->ids();
  const bool is_ours =
      fresh.has(table_->current()) && std::all_of(ours.begin(), ours.end(), [&](KeyId id) {
        return !fresh.has(id) || fresh.has_same(id, *table_);
      });
  if (!is_ours || !fresh.has(missing)) return;
  if (fresh.current() != table_->current()) sealings_ = 0;
  table_ = std::make_shared<Table>(fresh.together_with(*table_));
  if (warn_) {
    warn_("key " + std::to_string(missing) +
          ", which another process has begun to use, was read from " + path_ +
          ". A reload of this one makes it known to the audit log");
  }
}

Status CredentialKeyRing::reload(const std::vector<KeyId>& needed) {
  auto keys = read_key_file(path_);
  if (!keys) return keys.error();
  auto fresh = std::make_shared<Table>(*std::move(keys));
  const std::scoped_lock lock(mutex_);
  const KeyId before = table_->current();
  for (const KeyId id : table_->ids()) {
    const bool may_go = id != before && std::find(needed.begin(), needed.end(), id) == needed.end();
    if (fresh->has(id) ? fresh->has_same(id, *table_) : may_go) continue;
    return Error{
        ErrorCode::InvalidInput,
        "master key file " + path_ + ": key " + std::to_string(id) + ", which is in use, is " +
            (fresh->has(id) ? "another one" : "missing") +
            "; put its line back, above those with higher numbers. \"twinlockd list-keys\" "
            "tells what needs it"};
  }
  if (fresh->current() != before) sealings_ = 0;
  table_ = std::move(fresh);
  return Done{};
}

Result<std::vector<std::uint8_t>> CredentialKeyRing::seal(std::string_view purpose,
                                                          std::span<const std::uint8_t> plain,
                                                          std::span<const std::uint8_t> binding) {
  const auto keys = table();
  const KeyId id = keys->current();
  const auto subkey = keys->subkey(id, purpose);
  if (!subkey) return subkey.error();
  if (sealings_.fetch_add(1) >= kMaxSealings) {
    return Error{ErrorCode::Unavailable, "the current master key has sealed enough; add a new one"};
  }

  std::vector<std::uint8_t> sealed(kHeaderSize + kNonceSize + plain.size() + kTagSize);
  sealed[0] = kSealVersion;
  sealed[1] = static_cast<std::uint8_t>(id >> 8);
  sealed[2] = static_cast<std::uint8_t>(id);
  auto* nonce = &sealed[kHeaderSize];
  auto* cipher = nonce + kNonceSize;
  auto* tag = cipher + plain.size();
  if (RAND_bytes(nonce, kNonceSize) != 1) {
    throw std::runtime_error("the random number generator failed");  // S116: no second source
  }
  EVP_CIPHER_CTX* context = thread_gcm();
  int size = 0;
  const bool done =
      context != nullptr &&
      EVP_CipherInit_ex2(context, nullptr, (*subkey)->data(), nonce, 1, nullptr) == 1 &&
      add_bound_data(context, std::span(sealed).first<kHeaderSize>(), binding) &&
      EVP_CipherUpdate(context, cipher, &size, plain.data(), size_of(plain)) == 1 &&
      EVP_CipherFinal_ex(context, tag, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, tag) == 1;
  if (!done) return openssl_failed("AES-256-GCM");
  return sealed;
}

Result<KeyId> CredentialKeyRing::key_of(std::span<const std::uint8_t> sealed) {
  return key_named_by(sealed);
}

Result<KeyId> CredentialKeyRing::key_named_by(std::span<const std::uint8_t> sealed) {
  if (sealed.size() < kHeaderSize + kNonceSize + kTagSize || sealed[0] != kSealVersion) {
    return Error{ErrorCode::InvalidInput, "not a sealed value, or one of a newer version"};
  }
  return static_cast<KeyId>(sealed[1] << 8 | sealed[2]);
}

Result<Secret> CredentialKeyRing::open(std::string_view purpose,
                                       std::span<const std::uint8_t> sealed,
                                       std::span<const std::uint8_t> binding) {
  const auto id = key_of(sealed);
  if (!id) return Error{ErrorCode::Internal, id.error().detail};
  const auto keys = table_with(*id);
  const auto subkey = keys->subkey(*id, purpose);
  if (!subkey) return subkey.error();

  const auto header = sealed.first(kHeaderSize);
  const auto nonce = sealed.subspan(kHeaderSize, kNonceSize);
  const auto cipher =
      sealed.subspan(kHeaderSize + kNonceSize, sealed.size() - kHeaderSize - kNonceSize - kTagSize);
  std::array<std::uint8_t, kTagSize> tag{};
  std::copy_n(sealed.end() - kTagSize, kTagSize, tag.begin());
  Secret plain(cipher.size());
  EVP_CIPHER_CTX* context = thread_gcm();
  int size = 0;
  const bool whole =
      context != nullptr &&
      EVP_CipherInit_ex2(context, nullptr, (*subkey)->data(), nonce.data(), 0, nullptr) == 1 &&
      add_bound_data(context, header, binding) &&
      EVP_CipherUpdate(context, plain.bytes().data(), &size, cipher.data(), size_of(cipher)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1 &&
      EVP_CipherFinal_ex(context, tag.data(), &size) == 1;
  // Where the tag is wrong, `plain` is wiped unseen.
  if (!whole) return Error{ErrorCode::Internal, "a sealed value was altered or moved"};
  return plain;
}

Result<KeyedDigest> CredentialKeyRing::digest(std::string_view purpose,
                                              std::span<const std::uint8_t> data) {
  const auto keys = table();
  const auto subkey = keys->subkey(keys->current(), purpose);
  if (!subkey) return subkey.error();
  const auto made = (*subkey)->hmac(data);
  if (!made) return openssl_failed("HMAC");
  return KeyedDigest{.key = keys->current(), .bytes = *made};
}

Result<KeyedDigest> CredentialKeyRing::digest_with(KeyId key,
                                                   std::string_view purpose,
                                                   std::span<const std::uint8_t> data) {
  const auto keys = table_with(key);
  const auto subkey = keys->subkey(key, purpose);
  if (!subkey) return subkey.error();
  const auto made = (*subkey)->hmac(data);
  if (!made) return openssl_failed("HMAC");
  return KeyedDigest{.key = key, .bytes = *made};
}

std::vector<KeyId> CredentialKeyRing::keys() { return table()->ids(); }

}  // namespace twinlock
