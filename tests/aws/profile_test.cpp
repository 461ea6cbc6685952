#include "aws/profile.hpp"

#include <catch2/catch.hpp>

using namespace calinvite;
using namespace calinvite::aws;

namespace {

SharedFiles read(std::string_view config, std::string_view credentials = {}) {
  SharedFiles files;
  REQUIRE(read_config_file(files, config, "config"));
  REQUIRE(read_credentials_file(files, credentials, "credentials"));
  return files;
}

Error fault_of(std::string_view config) {
  SharedFiles files;
  const auto read = read_config_file(files, config, "/home/op/.aws/config");
  REQUIRE_FALSE(read);
  return read.error();
}

}  // namespace

TEST_CASE("a profile is named with its word in the config file and without it in the other",
          "[aws]") {
  const auto files = read(
      "[default]\nregion = eu-west-1\n[profile mail]\nregion=us-east-1\n[mail2]\nregion=x\n"
      "[sso-session corp]\nsso_region=y\n",
      "[mail]\naws_access_key_id = AKID\n[profile other]\naws_access_key_id = B\n");

  CHECK(setting(files.profiles.at("default"), "region") == "eu-west-1");
  CHECK(setting(files.profiles.at("mail"), "region") == "us-east-1");
  CHECK(setting(files.profiles.at("mail"), "aws_access_key_id") == "AKID");
  CHECK(files.profiles.size() == 2);
}

TEST_CASE("names of settings are read in any case, those of profiles as they are", "[aws]") {
  const auto files = read("[profile Some-Thing:x/y_z%.a@b+]\nReGioN = eu-west-1\n",
                          "[default]\nAWS_ACCESS_KEY_ID = a\n");

  CHECK(setting(files.profiles.at("Some-Thing:x/y_z%.a@b+"), "region") == "eu-west-1");
  CHECK(setting(files.profiles.at("default"), "aws_access_key_id") == "a");
}

TEST_CASE("the credentials file wins, and a later line wins within a file", "[aws]") {
  const auto files =
      read("[default]\naws_access_key_id = config\nregion = a\n[default]\nregion = b\n",
           "[default]\naws_access_key_id = credentials\n");

  CHECK(setting(files.profiles.at("default"), "aws_access_key_id") == "credentials");
  CHECK(setting(files.profiles.at("default"), "region") == "b");
}

TEST_CASE("a blank setting is no setting", "[aws]") {
  const auto files = read("[default]\nregion =\nservices =   \noutput = ; none\n");

  CHECK(files.profiles.at("default").empty());
}

TEST_CASE("a comment begins a line or follows white space; keys keep their own signs", "[aws]") {
  const auto files = read(
      "# a = b\n; c = d\n[default] # the usual\naws_secret_access_key = ab#c;d/+=e= # old\n"
      "region = eu-west-1\t; near\r\n");

  CHECK(setting(files.profiles.at("default"), "aws_secret_access_key") == "ab#c;d/+=e=");
  CHECK(setting(files.profiles.at("default"), "region") == "eu-west-1");
}

TEST_CASE("indented settings belong to the one above them", "[aws]") {
  const auto files = read(
      "[services local]\nsesv2 =\n  endpoint_url = http://127.0.0.1:8005\n  Other = x\n"
      "s3 =\n\tendpoint_url = http://127.0.0.1:4568\n[default]\nregion = a\n  more words\n"
      "  region = b\nservices = local\n");

  const auto& local = files.services.at("local");
  CHECK(setting(local, "sesv2.endpoint_url") == "http://127.0.0.1:8005");
  CHECK(setting(local, "sesv2.other") == "x");
  CHECK(setting(local, "s3.endpoint_url") == "http://127.0.0.1:4568");
  CHECK(setting(files.profiles.at("default"), "region") == "a");
  CHECK(setting(files.profiles.at("default"), "services") == "local");
}

TEST_CASE("a shared file's fault names the line and shows nothing of it", "[aws]") {
  const auto lost = fault_of("[default]\nregion = a\nCANARYSECRET\n");
  CHECK(lost.code == Code::invalid_input);
  CHECK(to_string(lost) == "/home/op/.aws/config:3: neither [section] nor name = value");
  CHECK(fault_of("[profile CANARY\n").place.line == 1);
  CHECK(to_string(fault_of("[profile CANARY\n")).find("CANARY") == std::string::npos);
  CHECK(fault_of("[profile ]\n[]\n").message == "a section without a name");
  CHECK(fault_of("[default]\n= CANARY\n").place.line == 2);
}

TEST_CASE("a mark of byte order and a missing last line end are nothing", "[aws]") {
  CHECK(setting(read("\xEF\xBB\xBF[default]\nregion = a").profiles.at("default"), "region") == "a");
}
