/// The shared files of AWS programs, config and credentials: profiles and their settings.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "calinvite/result.hpp"

namespace calinvite::aws {

/// Settings by name in lower case; a nested one is "sesv2.endpoint_url". Blank ones are left out.
using Settings = std::map<std::string, std::string>;

/// Both files as one.
struct SharedFiles {
  std::map<std::string, Settings> profiles;
  std::map<std::string, Settings> services;  ///< what a profile's `services` names
};

/// Reads ~/.aws/config: [default], [profile NAME], [services NAME]; other sections are passed over.
/// @param source  names the file in errors, which never show a value
/// @error invalid_input  a line that is neither section nor setting
Result<void> read_config_file(SharedFiles& files, std::string_view text, std::string source);
/// Reads ~/.aws/credentials: [NAME]. Its settings win over those of the config file.
/// @error invalid_input  a line that is neither section nor setting
Result<void> read_credentials_file(SharedFiles& files, std::string_view text, std::string source);

/// Empty when there is none.
std::string_view setting(const Settings& settings, const std::string& name) noexcept;

}  // namespace calinvite::aws
