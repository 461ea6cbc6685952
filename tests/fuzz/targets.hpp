/// What reads outside bytes, each as a function of the bytes alone: libFuzzer calls one of them for
/// hours (scripts/fuzz.sh), regression_test.cpp all of them over what was found before.
///
/// A target returns when the input was read or refused, and aborts when a promise is broken.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "calinvite/result.hpp"

namespace calinvite::fuzz {

void address(std::string_view input);
void address_list(std::string_view input);
void aws_keys(std::string_view input);
void csv(std::string_view input);
void dns_answer(std::string_view input);
void form(std::string_view input);
void ics(std::string_view input);
void lint(std::string_view input);
void mail(std::string_view input);
void notification(std::string_view input);
void prescan(std::string_view input);
void rrule(std::string_view input);
void search(std::string_view input);
void sender_policy(std::string_view input);
void ses_answer(std::string_view input);
void sns(std::string_view input);
void sqs_answer(std::string_view input);
void token(std::string_view input);

/// Ends the process, which is how libFuzzer learns of a finding.
inline void promise(bool kept, const char* what) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

/// Every refusal says something, in one line (docs/errors.md).
inline void check_error(const Error& error) {
  promise(!error.message.empty(), "an error says what is wrong");
  promise(error.message.find_first_of("\r\n") == std::string::npos, "an error is one line");
  promise(error.code != Code::internal, "input makes no internal error");
}

}  // namespace calinvite::fuzz
