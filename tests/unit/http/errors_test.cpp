// SPDX-License-Identifier: MIT
#include "daemon/http/errors.h"

#include <string>

#include <gmock/gmock.h>

// §1.4 and §5.1 of the contract.
namespace twinlock::http {
namespace {

Request request_to(const char* target) {
  Request request;
  request.target = target;
  request.id = "r-1";
  return request;
}

TEST(Errors, TranslateEveryCodeOfTheDomainForTheManagement) {
  const struct {
    ErrorCode code;
    int status;
    const char* body;
  } cases[] = {
      {ErrorCode::InvalidInput,
       400,
       R"({"statusCode":400,"error":"Bad Request","message":"Payload validation error: 'why'.","errorCode":"invalid_body"})"},
      {ErrorCode::NotFound, 404, R"({"statusCode":404,"error":"Not Found","message":"Not Found"})"},
      {ErrorCode::Conflict, 409, R"({"statusCode":409,"error":"Conflict","message":"why"})"},
      {ErrorCode::LimitExceeded, 409, R"({"statusCode":409,"error":"Conflict","message":"why"})"},
      {ErrorCode::Forbidden, 403, R"({"statusCode":403,"error":"Forbidden","message":"why"})"},
      {ErrorCode::ProofRequired, 403, R"({"statusCode":403,"error":"Forbidden","message":"why"})"},
      {ErrorCode::Unavailable,
       503,
       R"({"statusCode":503,"error":"Service Unavailable","message":"The service is temporarily unavailable.","errorCode":"service_unavailable"})"},
      {ErrorCode::Internal,
       500,
       R"({"statusCode":500,"error":"Internal Server Error","message":"An internal error occurred. The request was r-1."})"},
  };
  for (const auto& one : cases) {
    const auto response = error_response(request_to("/api/v2/users"), {one.code, "why"});
    EXPECT_EQ(response.status, one.status);
    EXPECT_EQ(response.body, one.body);
  }
}

TEST(Errors, HaveTheFormOfOAuthUnderItsPaths) {
  const auto response = error_response(request_to("/oauth/token"), {ErrorCode::Unavailable, "why"});
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(
      response.body,
      R"({"error":"temporarily_unavailable","error_description":"The service is temporarily unavailable."})");
  EXPECT_EQ(refusal("/mfa/nothing", 404).body,
            R"({"error":"not_found","error_description":"Not Found"})");
}

TEST(Errors, SayWhenToComeBackIfTheServiceIsAway) {
  const auto response = unavailable("/api/v2/users");
  EXPECT_THAT(response.headers, testing::Contains(Field("Retry-After", "5")));
}

TEST(Errors, SayNothingOfWhatWentWrongInside) {  // S58
  for (const auto code : {ErrorCode::Internal, ErrorCode::Unavailable, ErrorCode::NotFound}) {
    const auto response = error_response(request_to("/api/v2/users"), {code, "MARKER"});
    EXPECT_THAT(response.body, testing::Not(testing::HasSubstr("MARKER")));
  }
}

TEST(Errors, WordAFindingInAQueryAndAPath) {
  EXPECT_EQ(
      query_error({"Value 101 is greater than maximum 100", "per_page", "Size"}).body,
      R"({"statusCode":400,"error":"Bad Request","message":"Query validation error: 'Value 101 is greater than maximum 100' on property per_page (Size).","errorCode":"invalid_query_string"})");
  EXPECT_EQ(
      path_error({"x", "id", ""}).body,
      R"({"statusCode":400,"error":"Bad Request","message":"Path validation error: 'x' on property id.","errorCode":"invalid_uri"})");
}

}  // namespace
}  // namespace twinlock::http
