// SPDX-License-Identifier: MIT
#include <chrono>
#include <memory>

#include "tests/bench/data/people.h"
#include "tests/bench/micro/body.h"
#include "tests/bench/micro/fixture.h"

namespace twinlock::bench {
namespace {

constexpr int kUsers = 50;
constexpr WallTime kThen{std::chrono::hours(490'000)};

using Prepared = std::shared_ptr<FilledStore>;

template <typename F>
Body with_store(const char* name, F once) {
  return {.name = name, .prepare = [once](std::size_t /*iterations*/) -> std::function<void()> {
            return [fixture = std::make_shared<FilledStore>(kUsers), once, turn = 0]() mutable {
              once(*fixture->store, ++turn % kUsers);
            };
          }};
}

}  // namespace

std::vector<Body> store_bodies() {
  return {
      with_store(
          "store/list of methods",
          [](Store& store, int user) { keep(take(store.methods_of(account_of(user).name))); }),
      with_store("store/page of 100 users",
                 [](Store& store, int user) {
                   keep(take(store.users_after(account_of(user).name, 100)));
                 }),
      with_store("store/page of 100 records",
                 [](Store& store, int user) {
                   AuditQuery page;
                   page.after = static_cast<std::uint64_t>(user);
                   keep(take(store.read(page)));
                 }),
      with_store(
          "store/append a record",
          [](Store& store, int user) { keep(take(store.append(login_event(user, kThen)))); }),
  };
}

}  // namespace twinlock::bench
