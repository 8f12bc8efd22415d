// SPDX-License-Identifier: MIT
#include "tests/unit/store/store_fixture.h"

#include <sqlite3.h>

#include <fstream>
#include <sstream>

namespace twinlock {

StoreTest::StoreTest() {
  options_.directory = directory_.path();
  options_.deadline = 60s;  // a busy machine must not break a test about something else
  options_.reserve_size = 4096;
}

SqliteStore& StoreTest::open() {
  auto opened = SqliteStore::open(options_, keys_, [this](StoreAlert alert, const auto& text) {
    const std::scoped_lock lock(mutex_);
    alerts_.emplace_back(alert, text);
  });
  if (!opened) throw std::runtime_error("the store was refused: " + opened.error().detail);
  store_ = *std::move(opened);
  return *store_;
}

std::string StoreTest::refusal() {
  close();
  const auto opened = SqliteStore::open(options_, keys_, nullptr);
  return opened ? std::string() : opened.error().detail;
}

std::string StoreTest::sql(const std::string& text) {
  sqlite3* handle = nullptr;
  std::string found;
  sqlite3_open(path("store.db").c_str(), &handle);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  char* problem = nullptr;
  const auto note = [](void* out, int columns, char** values, char**) {
    if (columns > 0 && values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
    return 0;
  };
  if (sqlite3_exec(handle, text.c_str(), note, &found, &problem) != SQLITE_OK) {
    ADD_FAILURE() << text << ": " << problem;
    sqlite3_free(problem);
  }
  sqlite3_close(handle);
  return found;
}

std::string StoreTest::content(const std::string& name) const {
  std::ifstream file(path(name), std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void StoreTest::overwrite(const std::string& name, const std::string& content) const {
  std::ofstream file(path(name), std::ios::binary | std::ios::trunc);
  file << content;
}

GrantOutcome StoreTest::log_in(Store& store, int step) {
  auto one = conversation(step);
  one.subject[4] = static_cast<std::uint8_t>(step >> 8);
  one.subject[5] = static_cast<std::uint8_t>(step);
  const auto opened = store.open_conversation(one, kConversationLimits);
  if (!opened) throw std::runtime_error(opened.error().detail);
  Grant grant{.conversation = one,
              .expected = one.nonce,
              .use = OtpUse{.method = method_id(1), .factor = step},
              .attempts = {},
              .place = place(1),
              .event = event(AuditEventType::LoginGranted)};
  grant.conversation.phase = Phase::Granted;
  const auto outcome = store.grant(grant);
  if (!outcome) throw std::runtime_error(outcome.error().detail);
  return *outcome;
}

void StoreTest::enroll(Store& store, int number) {
  const auto added = store.add_otp_method(totp_method(number),
                                          {.of_type = 100'000, .unconfirmed = 5},
                                          event(AuditEventType::MethodEnrolled));
  if (!added || *added != Addition::Added) throw std::runtime_error("not enrolled");
}

std::vector<std::string> StoreTest::alerts(StoreAlert kind) {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> found;
  for (const auto& [alert, text] : alerts_) {
    if (alert == kind) found.push_back(text);
  }
  return found;
}

}  // namespace twinlock
