#include <catch2/catch.hpp>
#include <thread>

#include "calinvite/credentials.hpp"

using namespace calinvite;
using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

const sys_seconds start = std::chrono::sys_days(std::chrono::year(2027) / 3 / 1);

/// Counts what it is asked, and gives keys named after the count.
struct Issuer {
  int asked = 0;
  std::optional<sys_seconds> expires;
  std::optional<Error> failure;
  bool always_the_same = false;

  CredentialsSource::Fetch fetch() {
    return [this]() -> Result<TimedCredentials> {
      ++asked;
      if (failure) return tl::unexpected<Error>(*failure);
      const std::string id = "AKID" + std::to_string(always_the_same ? 1 : asked);
      return TimedCredentials{{id, "secret", "token"}, expires};
    };
  }
};

const Error outage{Code::unavailable, "no answer within 1 s", {}};

std::string id_at(CredentialsSource& source, sys_seconds now) {
  const auto keys = source.get(now);
  return keys ? (*keys)->credentials.access_key_id : std::string(code_name(keys.error().code));
}

}  // namespace

TEST_CASE("keys without an end are fetched once", "[credentials]") {
  Issuer issuer;
  CredentialsSource source(issuer.fetch());
  const auto first = source.get(start);
  const auto later = source.get(start + std::chrono::years(1));

  REQUIRE(first);
  CHECK(*first == *later);
  CHECK(issuer.asked == 1);
}

TEST_CASE("keys are fetched again from 15 minutes before their end", "[credentials]") {
  Issuer issuer;
  issuer.expires = start + 1h;
  CredentialsSource source(issuer.fetch());
  CHECK(id_at(source, start) == "AKID1");
  CHECK(id_at(source, start + 1h - 15min - 1s) == "AKID1");
  issuer.expires = start + 2h;

  CHECK(id_at(source, start + 1h - 15min) == "AKID2");
  CHECK(id_at(source, start + 1h) == "AKID2");
  CHECK(issuer.asked == 2);
}

TEST_CASE("in an outage the old keys stay, and new ones are tried for each minute",
          "[credentials]") {
  Issuer issuer;
  issuer.expires = start + 1h;
  CredentialsSource source(issuer.fetch());
  CHECK(id_at(source, start) == "AKID1");
  issuer.failure = outage;
  for (auto now = start + 45min; now < start + 50min; now += 1s)
    CHECK(id_at(source, now) == "AKID1");
  CHECK(issuer.asked == 1 + 5);
  for (auto now = start + 50min; now < start + 1h; now += 1s) CHECK(id_at(source, now) == "AKID1");
  CHECK(issuer.asked == 1 + 15);

  CHECK(id_at(source, start + 1h) == "unavailable");
  issuer.failure.reset();
  issuer.expires = start + 2h;
  CHECK(id_at(source, start + 1h + 11s) != "unavailable");
}

TEST_CASE("an outage extends the keys of an instance beyond their end", "[credentials]") {
  Issuer issuer;
  issuer.expires = start + 1h;
  CredentialsSource source(issuer.fetch(), ExpiredKeys::extend);
  CHECK(id_at(source, start) == "AKID1");
  issuer.failure = outage;

  CHECK(id_at(source, start + 1h) == "AKID1");
  CHECK(id_at(source, start + 3h) == "AKID1");
  issuer.failure.reset();
  issuer.expires = start + 5h;
  CHECK(id_at(source, start + 3h + 10s) != "AKID1");
}

TEST_CASE("keys that come expired are used and asked for again, not at every call",
          "[credentials]") {
  Issuer issuer;
  issuer.expires = start - 1h;
  CredentialsSource source(issuer.fetch());
  for (auto now = start; now < start + 60s; now += 1s)
    CHECK(id_at(source, now).starts_with("AKID"));

  CHECK(issuer.asked == 6);
}

TEST_CASE("keys that live for five seconds are never used after their end", "[credentials]") {
  Issuer issuer;
  sys_seconds now = start;
  CredentialsSource source([&]() -> Result<TimedCredentials> {
    issuer.expires = now + 5s;
    return issuer.fetch()();
  });
  for (; now < start + 1min; now += 1s) {
    const auto keys = source.get(now);
    REQUIRE(keys);
    CHECK(*(*keys)->expires > now);
  }
  CHECK(issuer.asked == 12);
}

TEST_CASE("without keys the same failure is told for ten seconds, then it is tried again",
          "[credentials]") {
  Issuer issuer;
  issuer.failure = outage;
  CredentialsSource source(issuer.fetch());
  for (int i = 0; i < 10; ++i) CHECK(id_at(source, start + seconds(i)) == "unavailable");
  CHECK(issuer.asked == 1);
  issuer.failure.reset();

  CHECK(id_at(source, start + 10s) == "AKID2");
}

TEST_CASE("keys that AWS refused are replaced by one fetch, however many requests they signed",
          "[credentials]") {
  Issuer issuer;
  CredentialsSource source(issuer.fetch());
  const auto refused = *source.get(start);
  for (int i = 0; i < 32; ++i) {
    const auto others = source.replace(refused, start);
    REQUIRE(others);
    CHECK((*others)->credentials.access_key_id == "AKID2");
  }
  CHECK(issuer.asked == 2);
  CHECK(id_at(source, start) == "AKID2");
}

TEST_CASE("keys that AWS refused and that come again are told, not asked for at every refusal",
          "[credentials]") {
  Issuer issuer;
  issuer.always_the_same = true;
  CredentialsSource source(issuer.fetch());
  const auto refused = *source.get(start);
  for (int i = 0; i < 32; ++i) {
    const auto others = source.replace(refused, start);
    REQUIRE_FALSE(others);
    CHECK(others.error().code == Code::unauthenticated);
    CHECK(others.error().message.find("secret") == std::string::npos);
  }
  CHECK(issuer.asked == 2);
  issuer.always_the_same = false;
  CHECK(source.replace(refused, start + 10s));
}

TEST_CASE("a clock that is set back does not delay the next try", "[credentials]") {
  Issuer issuer;
  issuer.failure = outage;
  CredentialsSource source(issuer.fetch());
  CHECK(id_at(source, start + 1h) == "unavailable");
  issuer.failure.reset();

  CHECK(id_at(source, start) == "AKID2");
}

TEST_CASE("the pause after a failed fetch begins when the fetch has ended", "[credentials]") {
  int asked = 0;
  CredentialsSource source([&]() -> Result<TimedCredentials> {
    if (++asked == 1) std::this_thread::sleep_for(1100ms);
    return tl::unexpected<Error>(outage);
  });
  CHECK(id_at(source, start) == "unavailable");
  CHECK(id_at(source, start + 10s) == "unavailable");
  CHECK(asked == 1);
}
