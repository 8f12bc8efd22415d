// SPDX-License-Identifier: MIT
#include "client/exit_status.h"

namespace twinlock::client {

ExitStatus exit_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidInput:
      return ExitStatus::BadInput;
    case ErrorCode::NotFound:
    case ErrorCode::Conflict:
    case ErrorCode::LimitExceeded:
      return ExitStatus::NotPossible;
    case ErrorCode::Forbidden:
    case ErrorCode::ProofRequired:
      return ExitStatus::Forbidden;
    case ErrorCode::Unavailable:
      return ExitStatus::Unavailable;
    case ErrorCode::Internal:
      break;
  }
  return ExitStatus::Internal;
}

std::string_view error_word(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidInput:
      return "invalid-input";
    case ErrorCode::NotFound:
      return "not-found";
    case ErrorCode::Conflict:
      return "conflict";
    case ErrorCode::Forbidden:
      return "forbidden";
    case ErrorCode::ProofRequired:
      return "proof-required";
    case ErrorCode::LimitExceeded:
      return "limit-exceeded";
    case ErrorCode::Unavailable:
      return "unavailable";
    case ErrorCode::Internal:
      return "internal";
  }
  return "internal";
}

}  // namespace twinlock::client
