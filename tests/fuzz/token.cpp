#include "calinvite/token.hpp"

#include "fuzz/targets.hpp"

namespace calinvite::fuzz {

void token(std::string_view input) {
  TokenKey key;
  key.id = 7;
  key.secret.fill(0x5a);
  const KeyRing ring({key});
  const std::chrono::sys_seconds now{std::chrono::seconds(1'800'000'000)};
  for (const TokenPurpose purpose : {TokenPurpose::rsvp, TokenPurpose::unsubscribe,
                                     TokenPurpose::button, TokenPurpose::approval}) {
    const auto verified = verify_link_token(input, purpose, ring, now);
    if (!verified) {
      promise(verified.error().code == Code::unauthenticated, "every refusal reads the same");
      continue;
    }
    promise(mint_link_token(*verified, ring) == input, "a token has one form");
    promise(verified->purpose == purpose && verified->expires > now, "purpose and expiry hold");
  }
  address_token(input, "reply.league.example");
}

}  // namespace calinvite::fuzz
