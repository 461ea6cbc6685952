/// What environment and shared files say together, for any AWS service.
#pragma once

#include <string>
#include <string_view>

#include "aws/profile.hpp"
#include "calinvite/credentials.hpp"

namespace calinvite::credentials {

/// The environment and one profile. Values are read when they are asked for, files at `read`.
class Setup {
 public:
  /// @error invalid_input     a shared file that can't be read as one
  /// @error invalid_argument  one that can't be read at all
  /// @error not_found         AWS_PROFILE names no profile
  static Result<Setup> read(const AwsEnvironment& environment);

  /// Value of a variable; empty when it is unset or blank.
  std::string variable(const std::string& name) const;
  const std::string& profile_name() const noexcept { return profile_name_; }
  /// Of the profile; empty when it has none.
  std::string profile(const std::string& name) const;
  /// Of a variable, else of the profile; empty: neither.
  std::string either(const std::string& variable, const std::string& profile_setting) const;
  /// The same as true or false, false when neither says.
  /// @error invalid_argument  another word
  Result<bool> flag(const std::string& variable, const std::string& profile_setting) const;

  /// AWS_REGION, AWS_DEFAULT_REGION, the profile's; empty: none of them.
  std::string region() const;
  /// The address that is set for a service, empty when there is none.
  /// @param service  in lower case: sesv2, sts
  Result<std::string> endpoint(const std::string& service) const;

 private:
  AwsEnvironment environment_;
  std::string profile_name_;
  aws::Settings profile_;
  aws::Settings services_;
};

/// Bytes of a small file.
/// @param what  names the file in the error
/// @error not_found         no such file
/// @error invalid_argument  it can't be read
/// @error too_large         over 1 MB
Result<std::string> read_file(const std::filesystem::path& path, const std::string& what);

}  // namespace calinvite::credentials
