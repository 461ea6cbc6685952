#include "calinvite/token.hpp"

#include <memory>

#include "calinvite/engine.hpp"
#include "values.hpp"

namespace capi = calinvite::capi;
using calinvite::LinkToken;
using calinvite::TokenPurpose;

static_assert(CALINVITE_PURPOSE_RSVP == static_cast<int>(TokenPurpose::rsvp));
static_assert(CALINVITE_PURPOSE_UNSUBSCRIBE == static_cast<int>(TokenPurpose::unsubscribe));
static_assert(CALINVITE_PURPOSE_BUTTON == static_cast<int>(TokenPurpose::button));
static_assert(CALINVITE_PURPOSE_REGISTRATION == static_cast<int>(TokenPurpose::registration));

struct calinvite_key_ring {
  calinvite::KeyRing ring;
};

namespace {

TokenPurpose purpose_of(std::uint32_t purpose) {
  if (purpose < CALINVITE_PURPOSE_RSVP || purpose > CALINVITE_PURPOSE_REGISTRATION) {
    capi::refuse("no token purpose " + std::to_string(purpose) + "; expected CALINVITE_PURPOSE_*",
                 "purpose");
  }
  return static_cast<TokenPurpose>(purpose);
}

}  // namespace

calinvite_status calinvite_key_ring_new(calinvite_key_ring** ring_out,
                                        calinvite_error** error_out) noexcept {
  capi::clear(ring_out);
  return capi::guard(error_out, [&] {
    capi::needed(ring_out, "ring_out");
    *ring_out = std::make_unique<calinvite_key_ring>().release();
  });
}

calinvite_status calinvite_key_ring_add(calinvite_key_ring* ring, uint16_t id,
                                        const uint8_t* secret,
                                        calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    calinvite::TokenKey key;
    key.id = id;
    std::copy_n(capi::needed(secret, "secret"), key.secret.size(), key.secret.begin());
    capi::needed(ring, "ring")->ring.add(key);
  });
}

void calinvite_key_ring_free(calinvite_key_ring* ring) noexcept { delete ring; }

calinvite_status calinvite_mint_link_token(const calinvite_key_ring* ring,
                                           const calinvite_link_token* token, char* text_out,
                                           calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    const auto given = capi::read(capi::needed(token, "token"), "token");
    if (capi::needed(ring, "ring")->ring.empty()) capi::refuse("the key ring is empty", "ring");
    LinkToken link;
    link.purpose = purpose_of(given.purpose);
    link.expires = capi::time_of(given.expires);
    std::copy_n(given.row, link.row.size(), link.row.begin());
    const std::string text = calinvite::mint_link_token(link, ring->ring);
    std::memcpy(capi::needed(text_out, "text_out"), text.c_str(), text.size() + 1);
  });
}

calinvite_status calinvite_verify_link_token(const calinvite_key_ring* ring, const char* text,
                                             uint32_t purpose, int64_t now,
                                             calinvite_link_token* token_out,
                                             calinvite_error** error_out) noexcept {
  return capi::guard(error_out, [&] {
    const LinkToken link = capi::value(
        calinvite::verify_link_token(capi::needed_text(text, "text"), purpose_of(purpose),
                                     capi::needed(ring, "ring")->ring, capi::time_of(now)));
    calinvite_link_token token = CALINVITE_LINK_TOKEN_INIT;
    token.purpose = static_cast<std::uint32_t>(link.purpose);
    token.expires = link.expires.time_since_epoch().count();
    std::copy(link.row.begin(), link.row.end(), token.row);
    capi::write(token_out, token, "token_out");
  });
}

calinvite_status calinvite_token_address(const char* local_part, const char* token,
                                         const char* reply_domain, const char* separator,
                                         const calinvite_text** address_out,
                                         calinvite_error** error_out) noexcept {
  return capi::giving(address_out, error_out, [&] {
    const std::string_view between = capi::text_or(separator, "+");
    if (between.size() != 1) capi::refuse("expected + or -", "separator");
    return calinvite::token_address(
        capi::needed_text(local_part, "local_part"), capi::needed_text(token, "token"),
        capi::needed_text(reply_domain, "reply_domain"), between.front());
  });
}

calinvite_status calinvite_address_token(const char* address, const char* reply_domain,
                                         const calinvite_text** token_out,
                                         calinvite_error** error_out) noexcept {
  return capi::giving(token_out, error_out, [&] {
    return calinvite::address_token(capi::needed_text(address, "address"),
                                    capi::needed_text(reply_domain, "reply_domain"));
  });
}

calinvite_status calinvite_mint_address_token(const calinvite_text** token_out,
                                              calinvite_error** error_out) noexcept {
  return capi::giving(token_out, error_out,
                      [&] { return calinvite::mint_address_token(calinvite::system_random); });
}

calinvite_status calinvite_mint_uid(const calinvite_text** uid_out,
                                    calinvite_error** error_out) noexcept {
  return capi::giving(uid_out, error_out, [&] {
    return calinvite::mint_uid(calinvite::system_random, calinvite::system_time());
  });
}
