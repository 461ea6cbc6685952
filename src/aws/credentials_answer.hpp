/// What the services that hand out keys are asked and answer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "calinvite/aws.hpp"
#include "calinvite/result.hpp"

namespace calinvite::aws {

/// Keys as a service hands them out.
struct IssuedKeys {
  AwsCredentials credentials;
  std::optional<std::chrono::sys_seconds> expires;
};

/// The JSON of a container's or an instance's service. No error shows any of it but its Code.
/// @error unavailable    its Code is another than Success: the service can't give keys now
/// @error invalid_input  not JSON, no keys in it, or an Expiration that is no time
Result<IssuedKeys> read_json_keys(std::string_view body);

/// The form of STS's AssumeRoleWithWebIdentity, which needs no signature.
std::string web_identity_form(std::string_view role_arn, std::string_view session_name,
                              std::string_view token);

/// STS's answer to it, in XML.
/// @error unavailable      a status of 5xx, or IDPCommunicationError
/// @error unauthenticated  refused, in STS's words
/// @error invalid_input    not STS's answer
Result<IssuedKeys> read_web_identity_answer(int http_status, std::string_view body);

}  // namespace calinvite::aws
