#include "transport/credentials/setup.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/text.hpp"

namespace calinvite::credentials {
namespace {

namespace fs = std::filesystem;

/// Where a shared file is: where its variable says, else below the home folder.
fs::path shared_file(const AwsEnvironment& environment, const std::string& named,
                     const char* name) {
  if (named.starts_with("~/") && !environment.home.empty()) {
    return environment.home / named.substr(2);
  }
  if (!named.empty()) return named;
  return environment.home.empty() ? fs::path() : environment.home / ".aws" / name;
}

template <class Reader>
Result<void> read_shared_file(aws::SharedFiles& files, const fs::path& path, Reader reader) {
  if (path.empty()) return {};
  const auto text = read_file(path, "the shared file");
  if (!text && text.error().code == Code::not_found) return {};
  if (!text) return tl::unexpected<Error>(text.error());
  return reader(files, *text, path.string());
}

}  // namespace

Result<Setup> Setup::read(const AwsEnvironment& environment) {
  Setup setup;
  setup.environment_ = environment;
  aws::SharedFiles files;
  const auto config = shared_file(environment, setup.variable("AWS_CONFIG_FILE"), "config");
  if (auto done = read_shared_file(files, config, aws::read_config_file); !done) {
    return tl::unexpected<Error>(done.error());
  }
  const auto keys =
      shared_file(environment, setup.variable("AWS_SHARED_CREDENTIALS_FILE"), "credentials");
  if (auto done = read_shared_file(files, keys, aws::read_credentials_file); !done) {
    return tl::unexpected<Error>(done.error());
  }

  const std::string wanted = setup.variable("AWS_PROFILE");
  setup.profile_name_ = wanted.empty() ? "default" : wanted;
  const auto profile = files.profiles.find(setup.profile_name_);
  if (profile != files.profiles.end()) {
    setup.profile_ = profile->second;
  } else if (!wanted.empty()) {
    return fail(Code::not_found, "AWS_PROFILE names \"" + text::one_line(wanted, 100) +
                                     "\", which is in neither " + config.string() + " nor " +
                                     keys.string());
  }
  const auto services = files.services.find(setup.profile("services"));
  if (services != files.services.end()) setup.services_ = services->second;
  return setup;
}

std::string Setup::variable(const std::string& name) const {
  if (!environment_.variable) return {};
  return std::string(text::trim(environment_.variable(name)));
}

std::string Setup::profile(const std::string& name) const {
  return std::string(aws::setting(profile_, name));
}

std::string Setup::either(const std::string& name, const std::string& profile_setting) const {
  std::string value = variable(name);
  return value.empty() ? profile(profile_setting) : value;
}

Result<bool> Setup::flag(const std::string& name, const std::string& profile_setting) const {
  const std::string value = either(name, profile_setting);
  if (text::iequals(value, "true")) return true;
  if (value.empty() || text::iequals(value, "false")) return false;
  return fail(Code::invalid_argument,
              name + " (" + profile_setting + " in a profile) is neither true nor false");
}

std::string Setup::region() const {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (std::string value = variable(name); !value.empty()) return value;
  }
  return profile("region");
}

Result<std::string> Setup::endpoint(const std::string& service) const {
  const auto ignored =
      flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
  if (!ignored) return tl::unexpected<Error>(ignored.error());
  if (*ignored) return std::string();
  for (const auto& name :
       {"AWS_ENDPOINT_URL_" + text::upper(service), std::string("AWS_ENDPOINT_URL")}) {
    if (std::string value = variable(name); !value.empty()) return value;
  }
  const auto of_service = aws::setting(services_, service + ".endpoint_url");
  return of_service.empty() ? profile("endpoint_url") : std::string(of_service);
}

Result<std::string> read_file(const fs::path& path, const std::string& what) {
  constexpr std::size_t most_bytes = 1024 * 1024;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             std::fclose);
  std::string bytes;
  if (file) {
    bytes.resize(most_bytes + 1);
    bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  }
  if (!file || std::ferror(file.get()) != 0) {
    const Code code =
        errno == ENOENT || errno == ENOTDIR ? Code::not_found : Code::invalid_argument;
    return fail(code, what + " " + path.string() + ": " + std::strerror(errno));
  }
  if (bytes.size() > most_bytes) {
    return fail(Code::too_large, what + " " + path.string() + " is longer than 1 MB");
  }
  return bytes;
}

}  // namespace calinvite::credentials
