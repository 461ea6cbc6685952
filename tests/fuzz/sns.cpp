#include "calinvite/sns.hpp"
#include "aws/records.hpp"
#include "fuzz/targets.hpp"

namespace calinvite::fuzz {
namespace {

constexpr auto topic = "arn:aws:sns:us-east-1:111122223333:ses-events";

/// Its signature can't be right: nobody has the key.
constexpr auto certificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDGzCCAgOgAwIBAgIUDCfujjfmZwuuIEg6uPGQdaGYZvMwDQYJKoZIhvcNAQEL\n"
    "BQAwHDEaMBgGA1UEAwwRc25zLmFtYXpvbmF3cy5jb20wIBcNMjYxMTI4MTkyMDMx\n"
    "WhgPMjEyNjExMDQxOTIwMzFaMBwxGjAYBgNVBAMMEXNucy5hbWF6b25hd3MuY29t\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsfEOJZoWWMleNEJfCnX+\n"
    "6uWxQvpb4mnjWZpYvaEShaR5EtlfjENS9rzaKmNVOivPZDFmtlfWbRilESHAeYC2\n"
    "0ZlPmevYY5i8oOyQbny7aJlp6wsema3Kjvt3LR3IvugIDfTwLllMYecfGHT7j7fD\n"
    "BDyDTg78kaUHsci3xN/geHDd44aMBkHuLlp0iilRnxhG36QaPwqzlFu4mJY6LLG4\n"
    "DyFYNi5cPuRcgVwI/C+3zLemCErUmQpbsfrFIndyqX5mM1bmGqUsmefytxqQndxP\n"
    "Ggsp9X3y5p7azurXLwdRN8TuiOINjpAbZ+CLUdhNBfOF22XRIIrPm68j4As1gmEP\n"
    "uQIDAQABo1MwUTAdBgNVHQ4EFgQU0wI8fnUg+dIij1IshSfftHXNPF4wHwYDVR0j\n"
    "BBgwFoAU0wI8fnUg+dIij1IshSfftHXNPF4wDwYDVR0TAQH/BAUwAwEB/zANBgkq\n"
    "hkiG9w0BAQsFAAOCAQEAht8gHVl/6ZuXyY2jQjkT9rOxzoLqACvJkivedGNvqGkp\n"
    "z1+e97crn6/u3XrQ131AxnQTUtIWFKgf509OfGHEZk971XLNEP9QCPwG1OScImdo\n"
    "8QtLgY/y3LWQa7X/ViZSgWkuVFWM0cqBzHoMHbd2UG5JRx/pWm8Tdr+/z3daHM+X\n"
    "YsHHkvTGo1DcCMCKOwyaBiyARMwu5s7V5X9WBIjpPBoILbgTCAMFlkNgebh4GaTT\n"
    "pkDqrdkl/MjEHvW3whqxxvTP0xCqFQ30FgioegDtiFp9Llgk8pMfqFcXWFA7X+nj\n"
    "GTHrQKPYGp/eSRDmG2C5IB3GVTCYqPQYOdu8uKcnDA==\n"
    "-----END CERTIFICATE-----\n";

}  // namespace

/// An envelope: nothing is believed, and a certificate is only asked for at SNS's own hosts.
void sns(std::string_view input) {
  (void)aws::split_records(input);
  const auto fetch = [](const std::string& url) -> Result<std::string> {
    promise(url.starts_with("https://sns.") && url.ends_with(".pem"), "only SNS is asked");
    promise(url.find(".amazonaws.com") < url.find('/', 8), "the host is Amazon's");
    return std::string(certificate);
  };
  const auto message =
      authenticate_sns(input, {.topics = {topic}, .accounts = {}, .max_age = {}}, fetch,
                       std::chrono::sys_days(std::chrono::year(2027) / 1 / 1));
  promise(!message, "what nobody signed is not believed");
  check_error(message.error());
}

}  // namespace calinvite::fuzz
