// SPDX-License-Identifier: MIT
#include "daemon/http/schema.h"

#include <string>

#include <gmock/gmock.h>

// §1.4 of the contract: closed schemas, exact types, one finding, in Auth0's words (C08, C10).
namespace twinlock::http {
namespace {

bool is_upper(std::string_view text) { return text == "UPPER"; }

Schema example() {
  return object({required("enabled", boolean("Whether this factor is enabled")),
                 optional("name", string().length(1, 20)),
                 optional("count", integer().range(2, 4)),
                 optional("share", number().range(0, 1)),
                 optional("case", string().format("upper", is_upper)),
                 optional("from", string().or_null()),
                 optional("inner", object({required("deep", integer("So deep"))})),
                 optional("message_types",
                          array(string().one_of({"sms", "voice"})).size(1, 2).unique())})
      .tolerate({"id"});
}

Request request_with(const std::string& body, const char* type = "application/json") {
  Request request;
  request.body = body;
  request.headers = {{"Content-Type", type}};
  return request;
}

std::string refusal_of(const Schema& schema, const Request& request) {
  const auto body = schema.read(request);
  return body ? "" : body.refusal().body;
}

std::string message(const std::string& what) {
  return R"({"statusCode":400,"error":"Bad Request","message":"Payload validation error: )" + what +
         R"(","errorCode":"invalid_body"})";
}

TEST(Schema, AcceptsWhatItSays) {
  for (const auto* body :
       {R"({"enabled":true})",
        R"({"enabled":false,"name":"x","count":4,"share":0.5,"from":null})",
        R"({"enabled":false,"share":1,"case":"UPPER","id":[{"any":1}]})",
        R"({"enabled":true,"message_types":["sms","voice"],"inner":{"deep":1}})"}) {
    EXPECT_EQ(refusal_of(example(), request_with(body)), "") << body;
  }
}

TEST(Schema, WordsEachFindingAsTheContractDoes) {
  const struct {
    const char* body;
    const char* what;
  } cases[] = {
      {"{}", "'Missing required property: enabled'."},
      {"[]", "'Expected type object but found type array'."},
      {"null", "'Expected type object but found type null'."},
      {R"({"enabled":"true"})",
       "'Expected type boolean but found type string' on property enabled (Whether this factor is "
       "enabled)."},
      {R"({"enabled":1})",
       "'Expected type boolean but found type integer' on property enabled (Whether this factor is "
       "enabled)."},
      {R"({"enabled":null})",
       "'Expected type boolean but found type null' on property enabled (Whether this factor is "
       "enabled)."},
      {R"({"enabled":true,"foo":1})", "'Additional properties not allowed: foo'."},
      {R"({"enabled":true,"name":""})",
       "'String is too short (0 chars), minimum 1' on property name."},
      {R"({"enabled":true,"name":"012345678901234567890"})",
       "'String is too long (21 chars), maximum 20' on property name."},
      {R"({"enabled":true,"name":null})",
       "'Expected type string but found type null' on property name."},
      {R"({"enabled":true,"from":1})",
       "'Expected type string,null but found type integer' on property from."},
      {R"({"enabled":true,"message_types":["fax"]})",
       "'No enum match for: fax' on property message_types[0]."},
      {R"({"enabled":true,"message_types":["sms","sms"]})",
       "'Array items are not unique (indexes 0 and 1)' on property message_types."},
      {R"({"enabled":true,"message_types":[]})",
       "'Array is too short (0), minimum 1' on property message_types."},
      {R"({"enabled":true,"message_types":["sms","voice","x"]})",
       "'Array is too long (3), maximum 2' on property message_types."},
      {R"({"enabled":true,"count":1})", "'Value 1 is less than minimum 2' on property count."},
      {R"({"enabled":true,"count":5})", "'Value 5 is greater than maximum 4' on property count."},
      {R"({"enabled":true,"count":18446744073709551615})",
       "'Value 18446744073709551615 is greater than maximum 4' on property count."},
      {R"({"enabled":true,"count":3.0})",
       "'Expected type integer but found type number' on property count."},
      {R"({"enabled":true,"share":1.5})",
       "'Value 1.5 is greater than maximum 1' on property share."},
      {R"({"enabled":true,"case":"lower"})",
       "'Object didn't pass validation for format upper: lower' on property case."},
      {R"({"enabled":true,"inner":{}})", "'Missing required property: deep' on property inner."},
      {R"({"enabled":true,"inner":{"deep":"x"}})",
       "'Expected type integer but found type string' on property inner.deep (So deep)."},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(refusal_of(example(), request_with(one.body)), message(one.what)) << one.body;
  }
}

TEST(Schema, CountsCharactersAndNotBytes) {
  const auto two = object({required("name", string().length(2, 2))});
  EXPECT_EQ(refusal_of(two, request_with("{\"name\":\"\xc3\xa9\xf0\x9f\x98\x80\"}")), "");
}

TEST(Schema, ReadsAListAtTheTop) {
  const auto policies = array(string().one_of({"all-applications"})).unique();
  EXPECT_EQ(refusal_of(policies, request_with("[]")), "");
  EXPECT_EQ(refusal_of(policies, request_with(R"(["x"])")),
            message("'No enum match for: x' on property [0]."));
}

TEST(Schema, TakesOtherMembersWhereItSaysOfWhatKind) {
  const auto open = object({}).others(string()).at_least(1);
  EXPECT_EQ(refusal_of(open, request_with(R"({"a":"b"})")), "");
  EXPECT_EQ(refusal_of(open, request_with("{}")),
            message("'Too few properties defined (0), minimum 1'."));
  EXPECT_EQ(refusal_of(open, request_with(R"({"a":1})")),
            message("'Expected type string but found type integer' on property a."));
}

TEST(Schema, TakesAnAbsentBodyOnlyWhereItSaysSo) {  // C09
  Request nothing;
  EXPECT_EQ(refusal_of(example(), nothing), message("'Missing body'."));
  const auto empty = object({}).or_absent();
  EXPECT_EQ(refusal_of(empty, nothing), "");
  EXPECT_EQ(refusal_of(empty, request_with("{}")), "");
}

TEST(Schema, WantsTheContentTypeOfJson) {  // S62, C08
  for (const auto* type :
       {"application/json", "Application/JSON; charset=utf-8", " application/json ;x=y"}) {
    EXPECT_TRUE(example().read(request_with(R"({"enabled":true})", type))) << type;
  }
  for (const auto* type :
       {"text/plain", "application/jsonx", "application/x-www-form-urlencoded", ""}) {
    const auto body = example().read(request_with(R"({"enabled":true})", type));
    ASSERT_FALSE(body) << type;
    EXPECT_EQ(body.refusal().status, 415) << type;
  }
  auto untyped = request_with(R"({"enabled":true})");
  untyped.headers.clear();
  EXPECT_EQ(example().read(untyped).refusal().status, 415);
}

TEST(Schema, SaysThatABodyIsNoJson) {
  EXPECT_EQ(refusal_of(example(), request_with("{enabled}")),
            R"({"statusCode":400,"error":"Bad Request",)"
            R"("message":"Invalid request payload JSON format","errorCode":"invalid_body"})");
}

TEST(Schema, QuotesNoControlsAndNoEndlessNames) {
  const auto body = "{\"enabled\":true,\"a\\u001b" + std::string(500, 'x') + "\":1}";
  const auto refusal = refusal_of(example(), request_with(body));
  EXPECT_LT(refusal.size(), 300U);
  EXPECT_THAT(refusal, testing::Not(testing::HasSubstr("u001b")));
}

}  // namespace
}  // namespace twinlock::http
