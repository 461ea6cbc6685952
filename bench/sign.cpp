// What building and signing an SES request costs on one core, alone and after composing, beside the
// SHA-256 of its body; and what a link token costs.
//
//   calinvite_bench_sign FOLDER   FOLDER holds mime.eml, event.json and recipients.json
#include <calinvite/aws.hpp>

#include "base/crypto.hpp"
#include "bench/workload.hpp"

using namespace bench;

namespace {

const std::string host = "email.us-east-1.amazonaws.com";
const SigningScope scope{.region = "us-east-1", .time = now};

AwsSigner make_signer() { return AwsSigner({"AKIDEXAMPLE", "secret", {}}); }

/// The request of one mail, ready to leave.
AwsRequest build(const AwsSigner& signer, std::string_view from, std::string_view to,
                 std::string_view mail) {
  auto request = ses_send_request({from, to, mail, {}, {}}, host);
  if (!request || !signer.sign(*request, scope)) std::abort();
  return std::move(*request);
}

void measure_signing(const std::string& folder) {
  constexpr int count = 20000;
  const std::string mail = read_file(folder + "/mime.eml");
  const AwsSigner signer = make_signer();
  const auto sign = [&] {
    return build(signer, "invites@mail.example.com", "user00001@example.com", mail);
  };
  const std::string body = sign().body;
  const double signing = best_of([&] {
    for (int i = 0; i < count; ++i) (void)sign();
  });
  const double hashing = best_of([&] {
    for (int i = 0; i < count; ++i) (void)crypto::sha256(body);
  });
  std::printf("build and sign a mail of %zu bytes: %.2f x the SHA-256 of its body\n", mail.size(),
              signing / hashing);
  emit("J3", "build+sign", signing, count, count * static_cast<double>(body.size()));
}

void measure_composing(const std::string& folder) {
  const ZoneTable zones;
  const KeyRing ring({TokenKey{1, {7}}});
  Workload work = make_workload(folder);
  const auto composer = Composer::prepare(
      {work.event, Method::request, 0, {}, work.organizer_name, "https://rsvp.example.com"}, zones);
  if (!composer) std::abort();
  const AwsSigner signer = make_signer();
  std::string mail;
  const auto compose = [&](CopyFields& copy) {
    fill_in(copy, ring);
    if (!composer->compose(copy, mail)) std::abort();
    return build(signer, copy.organizer_address, copy.address, mail);
  };
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < std::min<std::size_t>(200, work.copies.size()); ++i) {
    bodies.push_back(compose(work.copies[i]).body);
  }
  const double composing = best_of([&] {
    for (auto& copy : work.copies) (void)compose(copy);
  });
  const double hashing = best_of([&] {
    for (const auto& body : bodies) (void)crypto::sha256(body);
  });
  const auto count = static_cast<double>(work.copies.size());
  const double ratio = (composing / count) / (hashing / static_cast<double>(bodies.size()));
  std::printf("compose and sign a copy: %.2f x the SHA-256 of its body (%zu bytes), %.0f/s\n",
              ratio, bodies.front().size(), count / composing);
  emit("J2+J3", "compose+sign", composing, count, 0);
}

void measure_tokens() {
  constexpr int count = 100000;
  const KeyRing ring({TokenKey{1, {7}}});
  const auto expires = now + std::chrono::hours(1);
  std::vector<std::string> tokens;
  for (int i = 0; i < count; ++i) {
    RowId row{};
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&i), sizeof i, row.begin());
    tokens.push_back(mint_link_token({TokenPurpose::rsvp, row, expires}, ring));
  }
  const double minting = best_of([&] {
    for (auto& token : tokens) token = mint_link_token({TokenPurpose::rsvp, {}, expires}, ring);
  });
  int sound = 0;
  const double verifying = best_of([&] {
    for (const auto& token : tokens) {
      if (verify_link_token(token, TokenPurpose::rsvp, ring, now)) ++sound;
    }
  });
  if (sound != count * rounds) std::abort();
  const double bytes = static_cast<double>(tokens.front().size()) * count;
  emit("J6", "mint", minting, count, bytes);
  emit("J6", "verify", verifying, count, bytes);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: calinvite_bench_sign FOLDER\n");
    return 2;
  }
  measure_signing(argv[1]);
  measure_composing(argv[1]);
  measure_tokens();
  return 0;
}
