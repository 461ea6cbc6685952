#include <algorithm>

#include "aws/credentials_answer.hpp"
#include "aws/profile.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {
namespace {

void check_keys(const Result<aws::IssuedKeys>& issued) {
  if (!issued) return check_error(issued.error());
  const AwsCredentials& keys = issued->credentials;
  promise(!keys.access_key_id.empty() && !keys.secret_access_key.empty(), "keys are a pair");
  for (const std::string* part :
       {&keys.access_key_id, &keys.secret_access_key, &keys.session_token}) {
    promise(std::all_of(part->begin(), part->end(), [](char c) { return c > ' ' && c <= '~'; }),
            "what becomes a header is printable");
  }
}

void check_profiles(const aws::SharedFiles& files) {
  for (const auto* sections : {&files.profiles, &files.services}) {
    for (const auto& [name, settings] : *sections) {
      promise(!name.empty(), "a section has a name");
      for (const auto& [setting, value] : settings) {
        promise(!setting.empty() && !value.empty(), "a blank setting is none");
        promise(value.find('\n') == std::string::npos, "a value is one line");
      }
    }
  }
}

}  // namespace

/// First byte: a shared file, JSON of a container or an instance, or XML of STS.
void aws_keys(std::string_view input) {
  if (input.empty()) return;
  const char kind = input.front();
  input.remove_prefix(1);
  if (kind == 'j') return check_keys(aws::read_json_keys(input));
  if (kind == 'x') return check_keys(aws::read_web_identity_answer(200, input));
  if (kind == 'e') {
    const auto refused = aws::read_web_identity_answer(400, input);
    promise(!refused, "only 200 gives keys");
    return check_error(refused.error());
  }
  aws::SharedFiles files;
  const auto read = kind == 'k' ? aws::read_credentials_file(files, input, "credentials")
                                : aws::read_config_file(files, input, "config");
  if (!read) check_error(read.error());
  check_profiles(files);
}

}  // namespace calinvite::fuzz
