// SPDX-License-Identifier: MIT
//
// TLS as openssl(1) sees it: S51.
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/http/limits.h"
#include "tests/integration/http/harness.h"

namespace twinlock::http {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

class HttpTls : public testing::Test {
 protected:
  HttpTls() : certificate_(make_certificate(directory_, "alpha")) {}

  [[nodiscard]] ServerSettings settings() const {
    ServerSettings made;
    made.certificate = certificate_.certificate;
    made.key = certificate_.key;
    return made;
  }
  // What s_client says of a handshake.
  static std::string connect(const TestServer& server, const std::string& options) {
    return run_command("timeout 30 openssl s_client -connect 127.0.0.1:" +
                       std::to_string(server.port()) + " " + options + " </dev/null")
        .output;
  }
  // What a request with s_client is answered.
  static std::string ask(const TestServer& server, const std::string& options = "") {
    return run_command(
               "printf 'GET /hello HTTP/1.1\\r\\nHost: localhost:" + std::to_string(server.port()) +
               "\\r\\nConnection: close\\r\\n\\r\\n' | timeout 30 openssl s_client -quiet "
               "-connect 127.0.0.1:" +
               std::to_string(server.port()) + " " + options)
        .output;
  }

  TemporaryDirectory directory_;
  TestCertificate certificate_;
};

TEST_F(HttpTls, AnswersOverTls) {  // S60
  TestServer server(settings());
  EXPECT_THAT(ask(server),
              AllOf(HasSubstr(" 200 OK"),
                    HasSubstr("Strict-Transport-Security: max-age=31536000"),
                    HasSubstr(R"({"hello":"world"})")));
}

TEST_F(HttpTls, SpeaksNothingOlderThan12) {  // S51
  TestServer server(settings());
  // Level 0, so that it is the server who refuses.
  for (const auto* version : {"-tls1", "-tls1_1"}) {
    EXPECT_THAT(connect(server, std::string(version) + " -cipher ALL:@SECLEVEL=0"),
                HasSubstr("Cipher is (NONE)"))
        << version;
  }
  EXPECT_THAT(connect(server, "-tls1_2"), HasSubstr("Protocol  : TLSv1.2"));
  EXPECT_THAT(connect(server, "-tls1_3"), HasSubstr("TLSv1.3"));
}

TEST_F(HttpTls, TakesOnlyForwardSecretAuthenticatedCiphers) {  // S51
  TestServer server(settings());
  for (const auto* cipher : {"ECDHE-ECDSA-AES128-SHA",
                             "ECDHE-ECDSA-AES256-SHA384",
                             "AES128-GCM-SHA256",
                             "DHE-RSA-AES128-GCM-SHA256",
                             "AECDH-AES128-SHA",
                             "eNULL"}) {
    EXPECT_THAT(connect(server, std::string("-tls1_2 -cipher ") + cipher + ":@SECLEVEL=0"),
                AnyOf(HasSubstr("Cipher is (NONE)"), HasSubstr("no cipher match")))
        << cipher;
  }
  for (const auto* cipher : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
    EXPECT_THAT(connect(server, std::string("-tls1_2 -cipher ") + cipher), HasSubstr(cipher));
  }
  // Ours is the order: the client asks for the weaker one first.
  EXPECT_THAT(
      connect(server,
              "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"),
      HasSubstr("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384"));
}

TEST_F(HttpTls, CompressesAndRenegotiatesNothingAndGivesNoTickets) {  // S51
  TestServer server(settings());
  EXPECT_THAT(connect(server, "-tls1_2 -comp"), HasSubstr("Compression: NONE"));
  EXPECT_THAT(connect(server, "-tls1_2"), Not(HasSubstr("TLS session ticket")));
  EXPECT_THAT(
      run_command("(printf 'GET / HTTP/1.1\\r\\n\\r\\n'; sleep 1) | timeout 30 openssl s_client "
                  "-tls1_3 -connect 127.0.0.1:" +
                  std::to_string(server.port()))
          .output,
      Not(HasSubstr("New Session Ticket")));
  EXPECT_THAT(
      run_command("(echo R; sleep 1) | timeout 30 openssl s_client -tls1_2 -connect 127.0.0.1:" +
                  std::to_string(server.port()))
          .output,
      HasSubstr("no renegotiation"));
}

TEST_F(HttpTls, SpeaksHttp11AndNothingElse) {  // S51
  TestServer server(settings());
  EXPECT_THAT(connect(server, "-alpn h2,http/1.1"), HasSubstr("ALPN protocol: http/1.1"));
  EXPECT_THAT(connect(server, "-alpn h2"), HasSubstr("no application protocol"));
  EXPECT_THAT(connect(server, ""), HasSubstr("No ALPN negotiated"));
}

TEST_F(HttpTls, TurnsAwayAfterTheHandshake) {  // S53
  auto few = settings();
  few.connections = 1;
  TestServer server(few);
  Client held(server);  // silent, in its handshake
  EXPECT_THAT(ask(server), HasSubstr(" 503 Service Unavailable"));
}

TEST_F(HttpTls, EndsAHandshakeThatDoesNotEnd) {  // S53
  TestServer server(settings());
  Client silent(server);
  const auto begun = std::chrono::steady_clock::now();
  silent.send("\x16\x03\x01");
  EXPECT_EQ(silent.read_to_the_end(), "");
  EXPECT_GE(std::chrono::steady_clock::now() - begun,
            kHandshakeTime - std::chrono::milliseconds(500));
}

TEST_F(HttpTls, HangsUpOnPlainHttp) {
  TestServer server(settings());
  Client plain(server);
  plain.send(get("/hello", server));
  EXPECT_THAT(plain.read_to_the_end(), Not(HasSubstr("200")));
}

TEST_F(HttpTls, TakesANewCertificateWithoutDroppingAnybody) {  // S51
  TestServer server(settings());
  std::atomic<bool> done{false};
  std::atomic<int> answers{0};
  std::thread load([&server, &done, &answers] {
    while (!done) {
      EXPECT_THAT(ask(server), HasSubstr(" 200 OK"));
      ++answers;
    }
  });
  // One connection that lives through it all.
  std::thread kept([&server] {
    const auto answer = run_command(
        "(for i in 1 2 3 4 5 6; do printf 'GET /hello HTTP/1.1\\r\\nHost: localhost:" +
        std::to_string(server.port()) +
        "\\r\\n\\r\\n'; sleep 0.3; done) | timeout 30 openssl s_client -quiet -connect 127.0.0.1:" +
        std::to_string(server.port()));
    std::size_t count = 0;
    for (std::size_t at = 0; (at = answer.output.find(" 200 OK", at)) != std::string::npos; ++at)
      ++count;
    EXPECT_EQ(count, 6U) << answer.output;
  });
  const auto second = make_certificate(directory_, "beta");
  auto fresh = settings();
  fresh.certificate = second.certificate;
  fresh.key = second.key;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(server.server().configure(fresh));
    EXPECT_THAT(connect(server, ""), HasSubstr("beta"));
    EXPECT_TRUE(server.server().configure(settings()));
    EXPECT_THAT(connect(server, ""), HasSubstr("alpha"));
  }
  done = true;
  load.join();
  kept.join();
  EXPECT_GT(answers, 0);
}

TEST_F(HttpTls, KeepsTheOldCertificateWhenTheNewOneIsBad) {  // S51, S147
  TestServer server(settings());
  const auto other = make_certificate(directory_, "other");
  const auto broken = directory_.path() + "/broken.pem";
  std::ofstream(broken) << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const auto refused = [&](const std::string& certificate, const std::string& key) {
    auto fresh = settings();
    fresh.certificate = certificate;
    fresh.key = key;
    const auto taken = server.server().configure(fresh);
    return taken ? "" : taken.error().detail;
  };
  EXPECT_THAT(refused(certificate_.certificate, other.key), HasSubstr("isn't the certificate's"));
  EXPECT_THAT(refused(broken, certificate_.key),
              AllOf(HasSubstr(broken), HasSubstr("no certificate")));
  EXPECT_THAT(refused(directory_.path() + "/none", certificate_.key), HasSubstr("No such file"));
  EXPECT_THAT(refused(directory_.path(), certificate_.key), HasSubstr("not a regular file"));
  EXPECT_THAT(refused(certificate_.certificate, certificate_.certificate), HasSubstr("chmod"));
  ASSERT_EQ(chmod(other.key.c_str(), 0440), 0);
  EXPECT_THAT(refused(other.certificate, other.key), HasSubstr("chmod 0400"));
  EXPECT_THAT(connect(server, ""), HasSubstr("alpha"));
}

TEST_F(HttpTls, RefusesAKeyWithAPassphraseWithoutAskingForIt) {  // S51
  const auto locked = directory_.path() + "/locked.key";
  ASSERT_EQ(run_command("openssl ec -aes256 -passout pass:secret -in " + certificate_.key +
                        " -out " + locked + " && chmod 0400 " + locked)
                .status,
            0);
  const auto loaded = load_tls(certificate_.certificate, locked);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().detail, HasSubstr("passphrase"));
}

TEST_F(HttpTls, WarnsOnceADayWhenTheCertificateExpiresSoon) {  // S51
  RecordingLog log;
  TlsIdentity identity(log);
  const auto expires = load_tls(certificate_.certificate, certificate_.key)->expires;
  const auto load = [&](WallTime now) {
    return identity.load(certificate_.certificate, certificate_.key, now);
  };
  EXPECT_TRUE(load(expires - std::chrono::days(15)));
  EXPECT_EQ(log.problems().size(), 0U);
  EXPECT_TRUE(load(expires - std::chrono::days(13)));
  EXPECT_EQ(log.problems().size(), 1U);
  EXPECT_THAT(log.problems().back().text, HasSubstr("expires on " + utc_text(expires)));
  identity.watch(expires - std::chrono::days(13) + std::chrono::hours(23));
  EXPECT_EQ(log.problems().size(), 1U);
  identity.watch(expires - std::chrono::days(12));
  EXPECT_EQ(log.problems().size(), 2U);
  identity.watch(expires + std::chrono::days(1));
  EXPECT_EQ(log.problems().back().severity, Severity::Alert);
}

}  // namespace
}  // namespace twinlock::http
