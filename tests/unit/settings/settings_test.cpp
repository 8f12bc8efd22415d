// SPDX-License-Identifier: MIT
#include "daemon/settings.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/temporary_directory.h"

namespace twinlock {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;

struct BadFile {
  const char* what;
  const char* text;
  const char* message;
};

std::ostream& operator<<(std::ostream& out, const BadFile& file) { return out << file.what; }

class BadSettings : public ::testing::TestWithParam<BadFile> {};

// S147: file, line, key, what was found and what is allowed.
TEST_P(BadSettings, AreRefusedWithWhatToChange) {
  const auto settings = parse_settings(GetParam().text, "t.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(settings.error().detail, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    BadSettings,
    ::testing::Values(
        BadFile{"a key that is misspelled",
                "[store]\ndirectroy = \"/x\"\n",
                "t.toml:2: store.directroy: found an unknown key; allowed: the keys directory"},
        BadFile{"an unknown table",
                "[listen]\nport = 1\n",
                "t.toml:1: listen: found an unknown key; allowed: the tables accounts, api, bus, "
                "enrollment, http, identity, keys, limits, policy, store"},
        BadFile{
            "a key before every table",
            "directory = \"/x\"\n",
            "t.toml:1: directory: found an unknown key; allowed: the tables accounts, api, bus, "
            "enrollment, http, identity, keys, limits, policy, store"},
        BadFile{"a table written as a value",
                "store = 5\n",
                "t.toml:1: store: found 5; allowed: a table: [store]"},
        BadFile{"a relative path",
                "[store]\ndirectory = \"state\"\n",
                "t.toml:2: store.directory: found \"state\"; allowed: an absolute path"},
        BadFile{"a path that is a number",
                "[keys]\nfile = 7\n",
                "t.toml:2: keys.file: found 7; allowed: an absolute path, or \"\""},
        BadFile{"a bus over the network",
                "[bus]\naddress = \"tcp:host=192.0.2.1\"\n",
                "t.toml:2: bus.address: found \"tcp:host=192.0.2.1\"; allowed: a D-Bus address "
                "that starts with \"unix:\", or \"\" for the system bus"},
        BadFile{"an issuer that would end its label",
                "[identity]\nissuer = \"a:b\"\n",
                "t.toml:2: identity.issuer: found \"a:b\"; allowed: up to 64 bytes of text on one "
                "line, without a colon"},
        BadFile{"a host name to listen on",
                "[http]\nlisten = [\"localhost:8443\"]\n",
                "t.toml:2: http.listen: found \"localhost:8443\"; allowed: an address and a port: "
                "127.0.0.1:8443, [::1]:8443"},
        BadFile{"plain HTTP on the network",  // S52
                "[http]\nlisten = [\"127.0.0.1:80\", \"0.0.0.0:80\"]\n",
                "t.toml:1: http: found plain HTTP on 0.0.0.0:80; allowed: loopback addresses, or a "
                "certificate and a key"},
        BadFile{"a certificate without a key",
                "[http]\ncertificate = \"/c.pem\"\n",
                "t.toml:1: http: found a certificate or a key alone; allowed: both, or neither for "
                "plain HTTP"},
        BadFile{"a key by a relative path",
                "[http]\nkey = \"c.key\"\n",
                "t.toml:2: http.key: found \"c.key\"; allowed: an absolute path, or \"\""},
        BadFile{
            "a public URL with a path",
            "[http]\npublic_url = \"https://auth.example.org/login\"\n",
            "t.toml:2: http.public_url: found \"https://auth.example.org/login\"; allowed: a URL "
            "without a path, as in \"https://auth.example.org\", or \"\""},
        BadFile{"every origin",  // S60
                "[http]\ncors_origins = [\"*\"]\n",
                "t.toml:2: http.cors_origins: found \"*\"; allowed: an origin as browsers send it: "
                "https://admin.example.org, never \"*\""},
        BadFile{"every proxy",  // S56
                "[http]\nproxies = [\"0.0.0.0/0\"]\n",
                "t.toml:2: http.proxies: found \"0.0.0.0/0\"; allowed: a network that does not "
                "contain every address"},
        BadFile{
            "fewer connections than a browser opens",
            "[http]\nconnections_per_source = 3\n",
            "t.toml:2: http.connections_per_source: found 3; allowed: an integer from 4 to 2048"},
        BadFile{"a bucket that forty calls empty",  // C22
                "[http]\nrequest_burst = 39\n",
                "t.toml:2: http.request_burst: found 39; allowed: an integer from 40 to 100000"},
        BadFile{"a flag that is a text",
                "[enrollment]\nself_service = \"yes\"\n",
                "t.toml:2: enrollment.self_service: found \"yes\"; allowed: true or false"},
        BadFile{"a number above its bounds",
                "[limits]\ntotp_window = 2\n",
                "t.toml:2: limits.totp_window: found 2; allowed: an integer from 0 to 1"},
        BadFile{"a number below its bounds",
                "[limits]\nconversation_seconds = 29\n",
                "t.toml:2: limits.conversation_seconds: found 29; allowed: an integer from 30 to "
                "300"},
        BadFile{"a number that is not whole",
                "[limits]\nconversations_per_hour = 1.5\n",
                "t.toml:2: limits.conversations_per_hour: found 1.5; allowed: an integer from 1 to "
                "100000"},
        BadFile{"a whole number with a point",
                "[limits]\ntotp_window = 1.0\n",
                "t.toml:2: limits.totp_window: found 1.0; allowed: an integer from 0 to 1"},
        BadFile{"a rule without action",
                "[[policy.rule]]\nname = \"a\"\nusers = [\"bob\"]\n",
                "t.toml:1: policy.rule.action: found nothing; allowed: \"require\" or \"exempt\""},
        BadFile{"a rule with a third action",
                "[[policy.rule]]\nname = \"a\"\naction = \"skip\"\n",
                "t.toml:3: policy.rule.action: found \"skip\"; allowed: \"require\" or \"exempt\""},
        BadFile{"a rule for nobody, which would be one for everybody",
                "[[policy.rule]]\nname = \"a\"\naction = \"require\"\nusers = []\n",
                "t.toml:4: policy.rule.users: found an empty list; allowed: a list of account "
                "names, as in [\"alice\"], or no such line for any"},
        BadFile{"an account name with a space",
                "[[policy.rule]]\nname = \"a\"\naction = \"require\"\nusers = [\"al ice\"]\n",
                "t.toml:4: policy.rule.users: found \"al ice\"; allowed: names of letters, digits "
                "and ._@+$-, up to 256"},
        BadFile{"a service that is a path",
                "[[policy.rule]]\nname = \"a\"\naction = \"require\"\nservices = [\"/bin/su\"]\n",
                "t.toml:4: policy.rule.services: found \"/bin/su\"; allowed: PAM services: names "
                "of letters, digits and ._-, up to 64"},
        BadFile{"a network that is a name",
                "[[policy.rule]]\nname = \"a\"\naction = \"require\"\nnetworks = [\"lan\"]\n",
                "t.toml:4: policy.rule.networks: found \"lan\"; allowed: an IPv4 or IPv6 network, "
                "as in 192.0.2.0/24 or 2001:db8::/32"},
        BadFile{"a prefix that is too long",
                "[[policy.rule]]\nname = \"a\"\naction = \"require\"\n"
                "networks = [\"192.0.2.0/33\"]\n",
                "t.toml:4: policy.rule.networks: found \"192.0.2.0/33\"; allowed: a number from 1 "
                "to 32 after the '/'"},
        BadFile{"a network with the address of a host",
                "[[policy.rule]]\nname = \"a\"\naction = \"require\"\n"
                "networks = [\"192.0.2.7/24\"]\n",
                "t.toml:4: policy.rule.networks: found \"192.0.2.7/24\"; allowed: an address "
                "without bits beyond the prefix, as in 192.0.2.0/24"},
        BadFile{"rules that are one table",
                "[policy]\nrule = 1\n",
                "t.toml:2: policy.rule: found 1; allowed: up to 256 tables: [[policy.rule]]"},
        BadFile{"two rules of one name",
                "[[policy.rule]]\nname = \"a\"\naction = \"require\"\n"
                "[[policy.rule]]\nname = \"a\"\naction = \"require\"\n",
                "t.toml:4: policy.rule.name: found \"a\" twice; allowed: a different name for each "
                "rule, since the log names them"},
        BadFile{"several mistakes, all of which are named",
                "[limits]\ntotp_window = 9\nspeed = 1\n[store]\ndirectory = \"x\"\n",
                "t.toml:2: limits.totp_window: found 9; allowed: an integer from 0 to 1\n"
                "t.toml:3: limits.speed: found an unknown key; allowed: the keys "
                "conversation_seconds, conversations_per_hour, live_conversations_per_user, "
                "root_call_burst, root_calls_in_flight, root_calls_per_second, totp_window, "
                "user_call_burst, user_calls_in_flight, user_calls_per_second\n"
                "t.toml:5: store.directory: found \"x\"; allowed: an absolute path"}));

TEST(Settings, ThatWouldSteerATerminalAreShownSpelledOut) {
  const auto settings = parse_settings(
      "[limits]\ntotp_window = \"\\u001b[2J\\u202e\"\n\"a\\u0007b\" = 1\n", "t\x1b.toml");
  ASSERT_FALSE(settings);
  EXPECT_THAT(
      settings.error().detail,
      ::testing::StartsWith("t\\x1b.toml:2: limits.totp_window: found \"\\x1b[2J\\u202e\""));
  EXPECT_THAT(settings.error().detail,
              ::testing::HasSubstr("\nt\\x1b.toml:3: limits.a\\x07b: found an unknown key"));
}

// A wrong rule is one problem, and what it would do as far as it was understood is none.
TEST(Settings, NameTheCauseAloneWhereARuleIsWrong) {
  for (const char* wrong : {"users = \"bob\"", "users = [7]", "usres = [\"bob\"]"}) {
    const auto settings = parse_settings(
        std::string("[[policy.rule]]\nname = \"a\"\naction = \"exempt\"\n") + wrong + "\n", "t");
    ASSERT_FALSE(settings);
    EXPECT_THAT(settings.error().detail, ::testing::StartsWith("t:4: policy.rule.us"));
    EXPECT_THAT(settings.error().detail, ::testing::Not(::testing::HasSubstr("\n"))) << wrong;
  }
  const auto misspelled =
      parse_settings("[[policy.rule]]\nnam = \"a\"\naction = \"require\"\n", "t");
  ASSERT_FALSE(misspelled);
  EXPECT_EQ(misspelled.error().detail,
            "t:2: policy.rule.nam: found an unknown key; allowed: the keys action, groups, name, "
            "networks, services, users");
}

// The rest of the message is the parser's.
TEST(Settings, RefuseWhatIsNotToml) {
  const auto settings = parse_settings("[store]\n[limits\n", "t.toml");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().detail, ::testing::StartsWith("t.toml:2: not TOML: "));
}

// S50
TEST(Settings, RefuseANetworkThatContainsEverything) {
  const auto settings = parse_settings(
      "[[policy.rule]]\nname = \"a\"\naction = \"exempt\"\nservices = [\"sudo\"]\n"
      "networks = [\"0.0.0.0/0\"]\n",
      "t.toml");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().detail, ::testing::HasSubstr("t.toml:5: policy.rule.networks"));
}

// S50
TEST(Settings, RefuseNetworksThatAddUpToEverything) {
  const auto rule = [](const std::string& name, const std::string& network) {
    return "[[policy.rule]]\nname = \"" + name +
           "\"\naction = \"exempt\"\nservices = [\"sudo\"]\nnetworks = [\"" + network + "\"]\n";
  };
  const auto first = rule("a", "0.0.0.0/1");
  EXPECT_TRUE(parse_settings(first, "t.toml"));
  const auto settings = parse_settings(first + rule("b", "128.0.0.0/1"), "t.toml");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().detail,
              ::testing::AllOf(::testing::StartsWith("t.toml:1: policy.rule: the networks "),
                               ::testing::HasSubstr("every IPv4 address"),
                               ::testing::Not(::testing::HasSubstr("\n"))));
}

// S50
TEST(Settings, RefuseAnExemptionForEverybodyEverywhere) {
  const auto settings =
      parse_settings("[[policy.rule]]\nname = \"a\"\naction = \"exempt\"\n", "t.toml");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().detail, ::testing::HasSubstr("t.toml:1: policy.rule: "));
}

TEST(Settings, OfAnEmptyFileAreTheDefaults) {
  const auto settings = parse_settings("", "t.toml");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->store_directory, "/var/lib/twinlock");
  EXPECT_EQ(settings->totp_window, 1);
  EXPECT_TRUE(settings->self_service);
  EXPECT_TRUE(settings->rules.empty());
  EXPECT_EQ(settings->keep_deleted_accounts, std::chrono::days(30));  // S148
}

TEST(Settings, KeepDeletedAccountsForEverWhereTheySaySo) {
  const auto settings = parse_settings("[accounts]\npurge_after_days = 0\n", "t.toml");
  ASSERT_TRUE(settings);
  EXPECT_FALSE(settings->keep_deleted_accounts);
}

TEST(Settings, AreReadKeyByKey) {
  const auto settings = parse_settings(R"(
[store]
directory = "/srv/twinlock"
[keys]
file = "/srv/key"
[bus]
address = "unix:path=/run/b"
[identity]
issuer = "Example"
[[policy.rule]]
name = "backup"
action = "exempt"
services = ["sudo"]
users = ["backup"]
groups = ["operators"]
networks = ["192.0.2.0/24", "2001:db8::/32"]
[http]
listen = ["192.0.2.1:443", "[::1]:8443"]
public_url = "https://auth.example.org"
certificate = "/srv/cert.pem"
key = "/srv/cert.key"
proxies = ["192.0.2.10"]
cors_origins = ["https://admin.example.org"]
connections = 100
connections_per_source = 10
queued_requests = 20
requests_per_second = 8
request_burst = 40
[enrollment]
self_service = false
[accounts]
purge_after_days = 90
[limits]
live_conversations_per_user = 7
conversations_per_hour = 9
conversation_seconds = 60
totp_window = 0
user_calls_per_second = 1
user_call_burst = 2
user_calls_in_flight = 3
root_calls_per_second = 5000
root_call_burst = 6000
root_calls_in_flight = 700
[api]
provider_secrets = "plain"
)",
                                       "t.toml");
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->store_directory, "/srv/twinlock");
  EXPECT_EQ(settings->key_file, "/srv/key");
  EXPECT_EQ(settings->bus_address, "unix:path=/run/b");
  EXPECT_EQ(settings->issuer, "Example");
  ASSERT_EQ(settings->rules.size(), 1U);
  EXPECT_EQ(settings->rules[0].action, PolicyRule::Action::Exempt);
  EXPECT_THAT(settings->rules[0].services, ElementsAre("sudo"));
  EXPECT_THAT(settings->rules[0].users, ElementsAre("backup"));
  EXPECT_THAT(settings->rules[0].groups, ElementsAre("operators"));
  EXPECT_EQ(settings->rules[0].networks.size(), 2U);
  EXPECT_FALSE(settings->self_service);
  EXPECT_EQ(settings->keep_deleted_accounts, std::chrono::days(90));
  EXPECT_EQ(settings->live_conversations, 7);
  EXPECT_EQ(settings->conversations_per_hour, 9);
  EXPECT_EQ(settings->conversation_lifetime, std::chrono::seconds(60));
  EXPECT_EQ(settings->totp_window, 0);
  EXPECT_EQ(settings->calls.user.in_flight, 3);
  EXPECT_EQ(settings->calls.root.in_flight, 700);
  EXPECT_TRUE(settings->plain_provider_secrets);
  EXPECT_TRUE(settings->has_http);
  const auto& http = settings->http;
  ASSERT_EQ(http.listen.size(), 2U);
  EXPECT_EQ(http.listen[1].text(), "[::1]:8443");
  EXPECT_EQ(http.public_url->text(), "https://auth.example.org");
  EXPECT_EQ(http.certificate, "/srv/cert.pem");
  EXPECT_EQ(http.key, "/srv/cert.key");
  EXPECT_EQ(http.proxies.size(), 1U);
  EXPECT_THAT(http.cors_origins, ElementsAre("https://admin.example.org"));
  EXPECT_EQ(http.connections, 100U);
  EXPECT_EQ(http.connections_per_source, 10U);
  EXPECT_EQ(http.queued_requests, 20U);
  EXPECT_EQ(http.rates.per_second, 8);
  EXPECT_EQ(http.rates.burst, 40);
}

TEST(Settings, OfAMissingFileSayWhichFileWhyAndWhatToDo) {
  const auto settings = load_settings("/nonexistent/t.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(settings.error().detail,
            "/nonexistent/t.toml: can't be read: No such file or directory; --config names another "
            "file, and twinlock.toml(5) has an example");
}

TEST(Settings, ThatAreNoRegularFileAreRefusedAndNotWaitedFor) {
  const TemporaryDirectory directory;
  const auto pipe = directory.path() + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto link = directory.path() + "/link";
  ASSERT_EQ(symlink(pipe.c_str(), link.c_str()), 0);
  const auto socket = directory.path() + "/socket";
  ASSERT_EQ(mknod(socket.c_str(), S_IFSOCK | 0600, 0), 0);
  const std::vector<std::pair<std::string, std::string>> files = {{pipe, "a pipe (FIFO)"},
                                                                  {link, "a pipe (FIFO)"},
                                                                  {socket, "a socket"},
                                                                  {"/dev/zero", "a device"},
                                                                  {"/tmp", "a directory"}};
  const auto refusal = [](const std::string& file, const std::string& kind) {
    return file + ": found " + kind + "; allowed: a regular file";
  };
  for (const auto& [file, kind] : files) {
    const auto settings = load_settings(file);
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().detail, refusal(file, kind));
  }
}

TEST(Settings, MayBeALinkToAFile) {
  const TemporaryDirectory directory;
  const auto link = directory.path() + "/link";
  ASSERT_EQ(symlink(TWINLOCK_SHIPPED_SETTINGS, link.c_str()), 0);
  EXPECT_TRUE(load_settings(link));
}

TEST(Settings, OfMoreThanAMegabyteAreRefused) {
  const TemporaryDirectory directory;
  const auto file = directory.path() + "/big";
  std::ofstream(file) << std::string((1UL << 20U) + 1, '#');
  const auto settings = load_settings(file);
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().detail, file + ": found more than 1 MiB; allowed: up to 1 MiB");
}

TEST(Settings, ThatAreShippedAreTheDefaults) {
  const auto shipped = load_settings(TWINLOCK_SHIPPED_SETTINGS);
  ASSERT_TRUE(shipped) << shipped.error().detail;
  const Settings defaults;
  EXPECT_EQ(shipped->store_directory, defaults.store_directory);
  EXPECT_EQ(shipped->key_file, defaults.key_file);
  EXPECT_EQ(shipped->bus_address, defaults.bus_address);
  EXPECT_EQ(shipped->issuer, defaults.issuer);
  EXPECT_EQ(shipped->keep_deleted_accounts, defaults.keep_deleted_accounts);
  EXPECT_EQ(shipped->http.listen, defaults.http.listen);
  EXPECT_EQ(shipped->http.public_url.has_value(), defaults.http.public_url.has_value());
  EXPECT_EQ(shipped->http.certificate, defaults.http.certificate);
  EXPECT_EQ(shipped->http.connections, defaults.http.connections);
  EXPECT_EQ(shipped->http.connections_per_source, defaults.http.connections_per_source);
  EXPECT_EQ(shipped->http.queued_requests, defaults.http.queued_requests);
  EXPECT_EQ(shipped->http.rates.per_second, defaults.http.rates.per_second);
  EXPECT_EQ(shipped->http.rates.burst, defaults.http.rates.burst);
  EXPECT_EQ(shipped->live_conversations, defaults.live_conversations);
  EXPECT_EQ(shipped->calls.user.burst, defaults.calls.user.burst);
  EXPECT_EQ(shipped->calls.root.burst, defaults.calls.root.burst);
}

// Every key that the parser knows, by its own word, in the page and in the file with explanations.
TEST(Settings, AreDocumentedKeyByKey) {
  const auto contents = [](const char* path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  };
  const auto page = contents(TWINLOCK_SETTINGS_PAGE);
  const auto shipped = contents(TWINLOCK_SHIPPED_SETTINGS);
  int seen = 0;
  for (const std::string table :
       {"store", "keys", "bus", "identity", "enrollment", "accounts", "limits", "policy.rule"}) {
    const auto opening = table == "policy.rule" ? "[[policy.rule]]" : '[' + table + ']';
    const auto refused = parse_settings(opening + "\nunknown = 1\n", "t.toml");
    ASSERT_FALSE(refused);
    const auto& text = refused.error().detail;
    const std::string mark = table + ".unknown: found an unknown key; allowed: the keys ";
    const auto begin = text.find(mark) + mark.size();
    std::istringstream keys(text.substr(begin, text.find('\n', begin) - begin));
    for (std::string key; std::getline(keys >> std::ws, key, ','); ++seen) {
      EXPECT_THAT(page, ::testing::HasSubstr(".It Cm " + key + " No (")) << table;
      EXPECT_THAT(shipped, ::testing::HasSubstr(key + " = ")) << table;
    }
  }
  EXPECT_EQ(seen, 22);
}

TEST(Settings, SayWhichChangesWaitForARestart) {
  Settings running;
  Settings fresh;
  fresh.store_directory = "/elsewhere";
  fresh.issuer = "Elsewhere";
  fresh.totp_window = 0;
  EXPECT_THAT(keys_needing_restart(running, fresh),
              ElementsAre(Eq("store.directory"), Eq("identity.issuer")));
}

}  // namespace
}  // namespace twinlock
