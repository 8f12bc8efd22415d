// SPDX-License-Identifier: MIT
//
// The engine under clients that mean harm: S53, S142.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/http/limits.h"
#include "tests/integration/http/harness.h"

namespace twinlock::http {
namespace {

using testing::HasSubstr;
using Milliseconds = std::chrono::duration<double, std::milli>;

Milliseconds median_answer(const TestServer& server, const char* source) {
  std::vector<Milliseconds> times;
  for (int i = 0; i < 21; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    Client client(server, source);
    EXPECT_EQ(client.ask(get("/hello", server))->status, 200);
    times.emplace_back(std::chrono::steady_clock::now() - begun);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST(HttpLimits, TurnsAwayTheNextConnectionOfASourceThatHasAll) {  // S53
  TestServer server;
  std::vector<Client> held;
  for (std::size_t i = 0; i < kConnectionsPerSource; ++i) {
    held.emplace_back(server, "127.0.0.2");
    ASSERT_EQ(held.back().ask(get("/hello", server))->status, 200);
  }
  Client next(server, "127.0.0.2");
  const auto answer = next.read();  // before it asks anything
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_THAT(answer->head, HasSubstr("Retry-After: "));
  EXPECT_EQ(next.read_to_the_end(), "");
  EXPECT_EQ(Client(server, "127.0.0.3").ask(get("/hello", server))->status, 200);

  held.pop_back();
  // The server sees the end of one before it accepts another; how soon is its own affair.
  int status = 0;
  for (const auto end = std::chrono::steady_clock::now() + kPatience;
       status != 200 && std::chrono::steady_clock::now() < end;) {
    const auto again = Client(server, "127.0.0.2").ask(get("/hello", server));
    status = again ? again->status : 0;
  }
  EXPECT_EQ(status, 200);
}

TEST(HttpLimits, TurnsAwayWhatIsBeyondAllConnections) {  // S53
  ServerSettings settings;
  settings.connections = 4;
  TestServer server(settings);
  std::vector<Client> held;
  for (int i = 0; i < 4; ++i) {
    held.emplace_back(server);
    ASSERT_EQ(held.back().ask(get("/hello", server))->status, 200);
  }
  EXPECT_EQ(Client(server, "127.0.0.2").read()->status, 503);
  EXPECT_EQ(held.front().ask(get("/hello", server))->status, 200);
}

TEST(HttpLimits, AnswersOthersWhileFourHundredConnectionsDrip) {  // S53
  TestServer server;
  const auto alone = median_answer(server, "127.0.0.3");
  std::vector<Client> dripping;
  for (int i = 0; i < 400; ++i) {
    dripping.emplace_back(server, "127.0.0.2");
    dripping.back().send("GET /hello HT");
  }
  const auto drip = [&dripping] {
    for (const auto& client : dripping) client.send("T");
  };
  drip();
  const auto beside = median_answer(server, "127.0.0.3");
  drip();
  EXPECT_LT(beside, std::max(Milliseconds(250), alone * 10));
}

TEST(HttpLimits, AnswersWhileEveryIdleConnectionIsTaken) {  // S53
  TestServer server;
  std::vector<Client> idle;
  for (int source = 10; source < 25; ++source) {
    const auto address = "127.0.0." + std::to_string(source);
    for (int i = 0; i < 30; ++i) idle.emplace_back(server, address.c_str());
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Client(server, "127.0.0.3").ask(get("/hello", server))->status, 200);
  }
}

TEST(HttpLimits, KeepsItsMemoryUnderHeadersWithoutEnd) {  // S53
  TestServer server;
  EXPECT_EQ(Client(server).ask(get("/hello", server))->status, 200);
  const auto before = resident_bytes();
  std::string lines;
  for (int i = 0; i < 1000; ++i) lines += "X-Header: value\r\n";
  const std::string endless(65'536, 'a');
  for (int connection = 0; connection < 20; ++connection) {
    Client many(server);
    many.send("GET /hello HTTP/1.1\r\n");
    for (int i = 0; i < 10 && many.send(lines); ++i) {  // 200,000 lines over all connections
    }
    EXPECT_EQ(many.read()->status, 431);
    Client one(server);
    one.send("GET /hello HTTP/1.1\r\nX: ");
    for (int i = 0; i < 20 && one.send(endless); ++i) {
    }
    EXPECT_EQ(one.read()->status, 431);
  }
  EXPECT_LT(resident_bytes(), before + 32U * 1024U * 1024U);
}

TEST(HttpLimits, RefusesRequestsBeyondTheQueue) {  // S53
  ServerSettings settings;
  settings.queued_requests = 2;
  TestServer server(settings);
  std::vector<Client> waiting;
  for (std::size_t i = 0; i < kWorkers; ++i) {
    waiting.emplace_back(server);
    waiting.back().send(get("/wait", server));
    server.gate().await_waiting(static_cast<int>(i) + 1);
  }
  // Two more wait in the queue, and one of these three is too many.
  std::vector<Client> more;
  for (int i = 0; i < 3; ++i) {
    more.emplace_back(server, "127.0.0.2");
    more.back().send(get("/wait", server));
  }
  const auto end = std::chrono::steady_clock::now() + kPatience;
  const auto has_answer = [](const Client& client) { return client.has_something(); };
  auto refused = more.end();
  while ((refused = std::find_if(more.begin(), more.end(), has_answer)) == more.end()) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
  }
  EXPECT_EQ(refused->read()->status, 503);
  server.gate().open();
  for (auto& client : more) {
    if (&client == &*refused) continue;
    EXPECT_EQ(client.read()->status, 200);
  }
}

TEST(HttpLimits, DoesNothingForWhomItHasTurnedAwayMeanwhile) {
  TestServer server;
  std::vector<Client> handled;
  for (std::size_t i = 0; i < kWorkers; ++i) {
    handled.emplace_back(server);
    handled.back().send(get("/wait", server));
    server.gate().await_waiting(static_cast<int>(i) + 1);
  }
  Client late(server, "127.0.0.2");
  late.send(get("/wait", server));
  EXPECT_EQ(late.read()->status, 503);  // still in the queue
  server.gate().open();
  server.stop();
  EXPECT_EQ(server.gate().came(), static_cast<int>(kWorkers));
}

TEST(HttpLimits, LeavesWorkersToOthersWhateverIsSearched) {
  TestServer server;
  std::vector<Client> searching;
  for (std::size_t i = 0; i < kWorkers; ++i) {
    searching.emplace_back(server);
    searching.back().send(get("/search", server));
  }
  server.gate().await_waiting(static_cast<int>(kWorkers / 2));
  EXPECT_EQ(Client(server, "127.0.0.2").ask(get("/hello", server))->status, 200);
  EXPECT_EQ(server.gate().came(), static_cast<int>(kWorkers / 2));
  server.gate().open();
  for (auto& client : searching) EXPECT_EQ(client.read()->status, 200);
}

TEST(HttpLimits, EndsRequestsThatDripBeyondTheirTime) {  // S53: absolute, whatever trickles in
  TestServer server;
  Client silent(server);
  Client head(server);
  Client body(server);
  Client handled(server);
  const auto begun = std::chrono::steady_clock::now();
  head.send("GET /hello HTTP/1.1\r\nX: ");
  body.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n");
  handled.send(get("/wait", server));
  // Each byte comes well within any time-out of one read.
  bool head_ended = false;
  while (!body.has_something()) {
    ASSERT_LT(std::chrono::steady_clock::now(), begun + kPatience);
    body.send("x");
    if (!head_ended) head.send("x");
    if (!head_ended && head.has_something()) {
      head_ended = true;
      EXPECT_GE(std::chrono::steady_clock::now() - begun, kHeadTime);
      EXPECT_EQ(head.read()->status, 408);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the drip itself
  }
  EXPECT_TRUE(head_ended);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, kBodyTime);
  EXPECT_EQ(body.read()->status, 408);
  EXPECT_EQ(silent.read_to_the_end(), "");
  const auto late = handled.read();
  EXPECT_EQ(late->status, 503);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, kHandlerTime);
  server.gate().open();  // the answer comes too late, and goes nowhere
  EXPECT_EQ(handled.read_to_the_end(), "");
}

TEST(HttpLimits, RecoversFromALackOfDescriptors) {  // S142
  TestServer server;
  Client before(server);
  ASSERT_EQ(before.ask(get("/hello", server))->status, 200);

  rlimit usual{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &usual), 0);
  rlimit narrow = usual;
  narrow.rlim_cur = 256;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &narrow), 0);
  std::vector<int> spare;
  for (int one = 0; (one = dup(STDERR_FILENO)) >= 0;) spare.push_back(one);
  close(spare.back());  // one for the client, none for the server
  spare.pop_back();
  Client starved(server);
  starved.send(get("/hello", server));
  EXPECT_EQ(before.ask(get("/hello", server))->status, 200) << "others go on";
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (server.log().problems().empty()) {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    std::this_thread::yield();
  }
  for (const int one : spare) close(one);
  EXPECT_EQ(starved.read()->status, 200);
  setrlimit(RLIMIT_NOFILE, &usual);
}

}  // namespace
}  // namespace twinlock::http
