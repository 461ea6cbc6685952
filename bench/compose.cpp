// What one more copy of an invitation costs on one core, three link tokens included, beside the
// SHA-256 of the SES request that carries it, and how large the mail is.
//
//   calinvite_bench_compose [FOLDER [MAIL]]  FOLDER holds event.json and recipients.json
//                                            MAIL: where to write the first mail
#include <calinvite/aws.hpp>

#include "base/crypto.hpp"
#include "bench/workload.hpp"

using namespace bench;

int main(int argc, char** argv) {
  const ZoneTable zones;
  const KeyRing ring({TokenKey{1, {7}}});
  Workload work = make_workload(argc > 1 ? argv[1] : "");
  const auto composer = Composer::prepare(
      {work.event, Method::request, 0, {}, work.organizer_name, "https://rsvp.example.com"}, zones);
  if (!composer) {
    std::fprintf(stderr, "%s\n", to_string(composer.error()).c_str());
    return 1;
  }
  std::string mail;
  std::size_t bytes = 0;
  const auto compose = [&](CopyFields& copy) {
    fill_in(copy, ring);
    if (!composer->compose(copy, mail)) std::abort();
    bytes += mail.size();
  };
  compose(work.copies.front());
  if (argc > 2) std::ofstream(argv[2], std::ios::binary) << mail;

  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < std::min<std::size_t>(200, work.copies.size()); ++i) {
    CopyFields& copy = work.copies[i];
    compose(copy);
    const SesSend send{copy.organizer_address, copy.address, mail, {}, {}};
    bodies.push_back(ses_send_request(send, "email.eu-central-1.amazonaws.com")->body);
  }
  bytes = 0;
  const double composing = best_of([&] {
    for (auto& copy : work.copies) compose(copy);
  });
  const auto count = static_cast<double>(work.copies.size());
  const double size = static_cast<double>(bytes) / rounds / count;
  const double hashing = best_of([&] {
    for (const auto& body : bodies) (void)crypto::sha256(body);
  });
  const double one = composing / count;
  const double hash = hashing / static_cast<double>(bodies.size());
  std::printf("compose %.0f/s, %.2f x the SHA-256 of its request body; %.0f bytes a mail\n",
              1 / one, one / hash, size);
  emit("J2", "compose", composing, count, size * count);
  return 0;
}
