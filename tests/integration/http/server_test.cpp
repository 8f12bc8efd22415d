// SPDX-License-Identifier: MIT
//
// The engine over real sockets: what one client can expect of its connection.
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/http/limits.h"
#include "tests/integration/http/harness.h"

namespace twinlock::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(HttpServer, AnswersOnOneConnectionUntilItsHundredthRequest) {  // S53
  TestServer server;
  Client client(server);
  for (int i = 1; i <= kRequestsPerConnection; ++i) {
    const auto answer = client.ask(get("/hello", server));
    ASSERT_TRUE(answer) << i;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, R"({"hello":"world"})");
    EXPECT_EQ(answer->head.find("Connection: close") != std::string::npos,
              i == kRequestsPerConnection);
  }
  EXPECT_EQ(client.read_to_the_end(), "");
}

TEST(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  TestServer server;
  Client client(server);
  std::string all;
  for (int i = 0; i < 50; ++i) {
    const auto body = std::to_string(i);
    all += "POST /echo HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    const auto answer = client.read();
    ASSERT_TRUE(answer) << i;
    EXPECT_EQ(answer->body, std::to_string(i));
  }
}

TEST(HttpServer, ReadsARequestThatComesByteByByte) {
  TestServer server;
  Client client(server);
  for (const char c : get("/hello", server)) client.send({&c, 1});
  EXPECT_EQ(client.read()->status, 200);
}

TEST(HttpServer, AsksForABodyThatWaitsToBeAskedFor) {  // S54
  TestServer server;
  Client client(server);
  client.send("POST /echo HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
              "\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.read()->status, 100);
  client.send("hello");
  EXPECT_EQ(client.read()->body, "hello");
}

TEST(HttpServer, DecodesChunks) {  // S54
  TestServer server;
  Client client(server);
  const auto answer =
      client.ask("POST /echo HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
                 "\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(answer->body, "abcde");
}

TEST(HttpServer, LeavesHeaderValuesAsTheyCame) {  // S55
  TestServer server;
  Client client(server);
  const auto answer =
      client.ask(get("/headers", server, "X: a%0d%0aSet-Cookie:b\r\nREMOTE-ADDR: 1.2.3.4\r\n"));
  EXPECT_THAT(answer->body, HasSubstr("X: a%0d%0aSet-Cookie:b\n"));
  EXPECT_THAT(answer->head, Not(HasSubstr("Set-Cookie")));
}

TEST(HttpServer, AnswersHeadWithoutABody) {
  TestServer server;
  Client client(server);
  client.send("HEAD /hello HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
              "\r\n\r\n");
  EXPECT_THAT(client.read(false)->head, HasSubstr("Content-Length: 17"));
  EXPECT_EQ(client.ask(get("/hello", server))->body, R"({"hello":"world"})");
}

TEST(HttpServer, AnswersAClientOfHttp10AndCloses) {
  TestServer server;
  Client client(server);
  client.send("GET /hello HTTP/1.0\r\nHost: localhost:" + std::to_string(server.port()) +
              "\r\n\r\n");
  EXPECT_THAT(client.read_to_the_end(),
              AllOf(HasSubstr(" 200 OK\r\n"),
                    HasSubstr("Connection: close\r\n"),
                    testing::EndsWith(R"({"hello":"world"})")));
}

TEST(HttpServer, AnswersAClientThatHasFinishedSending) {
  TestServer server;
  Client client(server);
  client.send(get("/wait", server));
  client.end_output();
  server.gate().await_waiting(1);
  server.gate().open();
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_EQ(client.read_to_the_end(), "");
}

TEST(HttpServer, SendsALargeAnswerToASlowReader) {
  TestServer server;
  Client client(server);
  client.send(get("/large", server));
  EXPECT_EQ(client.read()->body.size(), 1024U * 1024U);
  EXPECT_EQ(client.ask(get("/hello", server))->status, 200);
}

TEST(HttpServer, RefusesWhatIsMalformedAndCloses) {  // S53, S54
  TestServer server;
  const struct {
    std::string bytes;
    int status;
  } cases[] = {
      {"GET / HTTP/1.1\nHost: h\n\n", 400},
      {"GET /a//b HTTP/1.1\r\n", 400},
      {"GET /" + std::string(kMaxRequestLine, 'a') + " HTTP/1.1\r\n", 414},
      {get("/hello", server, "X: " + std::string(kMaxHead, 'a') + "\r\n"), 431},
      {get("/hello", server, "Content-Length: 65537\r\n"), 413},
      {get("/hello", server, "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400},
      {get("/hello", server, "Expect: a-miracle\r\n"), 417},
  };
  for (const auto& one : cases) {
    Client client(server);
    client.send(one.bytes);
    client.send(std::string(100'000, 'x'));  // it reads on, and gets its answer nevertheless
    const auto answer = client.read();
    ASSERT_TRUE(answer) << one.bytes.substr(0, 60);
    EXPECT_EQ(answer->status, one.status) << one.bytes.substr(0, 60);
    EXPECT_THAT(answer->head, HasSubstr("Connection: close"));
    EXPECT_THAT(answer->head, HasSubstr("X-Content-Type-Options: nosniff"));  // S60
    EXPECT_EQ(client.read_to_the_end(), "");
  }
}

TEST(HttpServer, FinishesWhatItAnswersWhenItIsStopped) {
  TestServer server;
  Client waiting(server);
  Client idle(server);
  EXPECT_EQ(idle.ask(get("/hello", server))->status, 200);
  waiting.send(get("/wait", server));
  server.gate().await_waiting(1);
  server.server().stop();
  EXPECT_EQ(idle.read_to_the_end(), "");
  server.gate().open();
  EXPECT_EQ(waiting.read()->status, 200);
  EXPECT_EQ(waiting.read_to_the_end(), "");
}

TEST(HttpServer, CountsItsRoundsWhileNothingHappens) {
  TestServer server;
  const auto before = server.server().rounds();
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (server.server().rounds() == before && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  EXPECT_GT(server.server().rounds(), before);
}

TEST(HttpServer, ServesManyClientsAtOnce) {
  TestServer server;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&server] {
      for (int connection = 0; connection < 5; ++connection) {
        Client client(server);
        for (int request = 0; request < 20; ++request) {
          ASSERT_EQ(client.ask(get("/hello", server))->status, 200);
        }
      }
    });
  }
  for (auto& client : clients) client.join();
}

TEST(HttpServer, WillNotSpeakPlainHttpToTheNetwork) {  // S52
  FakeClock clock;
  RecordingLog log;
  SeededRandom random;
  ServerSettings settings;
  settings.listen = {{"0.0.0.0", 0}};
  Server server(Router({}), nullptr, {clock, log, random}, settings);
  const auto opened = server.open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().detail, HasSubstr("0.0.0.0:0"));
}

TEST(HttpServer, SaysWhichAddressItCouldNotHave) {
  TestServer first;
  FakeClock clock;
  RecordingLog log;
  SeededRandom random;
  ServerSettings settings;
  settings.listen = {{"127.0.0.1", first.port()}};
  Server second(Router({}), nullptr, {clock, log, random}, settings);
  const auto opened = second.open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().detail,
              AllOf(HasSubstr(std::to_string(first.port())), HasSubstr("Address already in use")));
}

}  // namespace
}  // namespace twinlock::http
